import assert from 'node:assert/strict';
import { isStorageError } from '@storage/core';
import { expectCode, holds, sameBytes, snapshot, unchanged } from '../assertions.ts';
import { iterable, pattern } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { failureOf } from '../failures.ts';
import type { FaultRule } from '../faults/faults.ts';
import { connectionReset } from '../faults/faults.ts';
import type { Subject } from './faults-subjects.ts';
import { body, eachSubject, subjects } from './faults-subjects.ts';

const beforeRequest: ConformanceCase = {
  number: 221,
  title: 'a connection that breaks before the request is retried, for every operation',
  run: (context) =>
    eachSubject(context, 'any', async ({ on, call }, key, argument) => {
      const { backend, faults } = await context.makeFaulty([{ on, fault: { kind: 'fail-before' } }]);
      await call(backend, key, argument);
      assert.equal(faults.fired, 1, 'the fault has happened');
      assert.equal(faults.calls.filter((made) => made.operation === on).length, 2, 'one more attempt was made');
    }),
};

const readAnswerLost: ConformanceCase = {
  number: 221,
  letter: 'a',
  title: 'a read whose answer was lost is repeated',
  run: (context) =>
    eachSubject(context, 'read', async ({ on, call }, key, argument) => {
      const { backend, faults } = await context.makeFaulty([{ on, fault: { kind: 'lose-answer' } }]);
      await call(backend, key, argument);
      assert.equal(faults.fired, 1);
    }),
};

const writeAnswerLost: ConformanceCase = {
  number: 221,
  letter: 'b',
  title: 'a write whose answer was lost succeeds or rejects as ambiguous, and was made',
  run: (context) =>
    eachSubject(context, 'write', async ({ on, call, name }, key, argument) => {
      const expected = await afterwards(context, name, call);
      const { backend, faults } = await context.makeFaulty([{ on, fault: { kind: 'lose-answer' } }]);
      const error: unknown = await call(backend, key, argument).catch((caught: unknown) => caught);
      assert.equal(faults.fired, 1);
      if (isStorageError(error)) assert.equal(error.retryable, 'ambiguous', error.message);
      assert.equal(await textOf(context, key), expected, 'the write was made');
    }),
};

/** What the object holds after the same call without a fault. */
async function afterwards(context: CaseContext, name: string, call: Subject['call']): Promise<string | undefined> {
  const key = context.key(`model-of-${name}`);
  const subject = subjects.find((candidate) => candidate.name === name);
  await context.backend.save(key, body, { metadata: { a: '1' } });
  const argument = (await subject?.prepare?.(context.backend, key)) ?? '';
  await call(context.backend, key, argument);
  return textOf(context, key);
}

async function textOf(context: CaseContext, key: string): Promise<string | undefined> {
  const found = await snapshot(context.backend, key);
  return found === undefined
    ? undefined
    : `${JSON.stringify(found.info.metadata)} ${new TextDecoder().decode(found.bytes)}`;
}

const cutDownloads: ConformanceCase = {
  number: 221,
  letter: 'c',
  title: 'a download that is cut after its headers or in its body goes on where it was',
  run: async (context) => {
    const key = context.key();
    const bytes = pattern(500_000);
    await context.backend.save(key, bytes);
    for (const afterBytes of [0, 1, 65_536, 300_000, 499_999]) {
      const { backend, faults } = await context.makeFaulty([
        { on: 'get', times: 2, fault: { kind: 'cut-body', afterBytes } },
      ]);
      sameBytes(await (await backend.retrieve(key)).bytes(), bytes, `cut after ${afterBytes}`);
      assert.ok(faults.fired >= 1, 'the connection was cut');
    }
  },
};

const cutUploads: ConformanceCase = {
  number: 221,
  letter: 'd',
  title: 'an upload that is cut in its body is sent again when the body can be, and else changes nothing',
  run: async (context) => {
    const bytes = pattern(2 * context.limits.partSize + 9);
    const { partSize } = context.limits;
    const rules: readonly FaultRule[] = [
      { on: ['put', 'multipart.putPart'], fault: { kind: 'cut-body', afterBytes: 70_000 } },
    ];
    for (const [name, replayable] of [
      ['bytes', bytes],
      ['factory', () => iterable(bytes)],
      ['blob', new Blob([bytes])],
    ] as const) {
      const { backend, faults } = await context.makeFaulty(rules);
      await backend.save(context.key(name), replayable, { partSize });
      assert.equal(faults.fired, 1, `${name}: the upload was cut`);
      await holds(context.backend, context.key(name), bytes);
    }

    const key = context.key('stream');
    await context.backend.save(key, 'old', { metadata: { a: '1' } });
    const { backend, faults } = await context.makeFaulty(rules);
    const before = await snapshot(context.backend, key);
    const failure = await failureOf(backend.save(key, iterable(bytes), { partSize }), 'Unavailable');
    assert.equal(faults.fired, 1, 'stream: the upload was cut');
    if (failure === undefined) return holds(context.backend, key, bytes);
    assert.deepEqual(await snapshot(context.backend, key), before, 'a failed write changes nothing');
  },
};

const staysDown: ConformanceCase = {
  number: 221,
  letter: 'e',
  title: 'a service that stays down rejects Unavailable after few attempts, and nothing has changed',
  timeoutMs: 60_000,
  run: async (context) => {
    await eachSubject(context, 'any', async ({ on, call }, key, argument) => {
      const { backend, faults } = await context.makeFaulty([{ on, times: 10_000, fault: { kind: 'fail-before' } }], {
        retry: { baseDelayMs: 10 },
      });
      const error = await unchanged(context.backend, key, () =>
        expectCode(call(backend, key, argument), 'Unavailable'),
      );
      assert.ok(error.attempts >= 2 && error.attempts <= 10, `${error.attempts} attempts`);
      assert.ok(faults.fired >= 2 && faults.fired <= 10, `${faults.fired} requests`);
      assert.equal(error.retryable, 'safe');
    });
  },
};

const resets: ConformanceCase = {
  number: 221,
  letter: 'f',
  title:
    'a reset while an answer is awaited is retried for a read; for an unconditional save it ends in one whole object',
  run: async (context) => {
    const key = context.key();
    const reset: FaultRule = { on: ['put', 'get', 'head'], fault: { kind: 'fail-before', error: connectionReset } };
    for (const seed of [1, 2, 3]) {
      const { backend, faults } = await context.makeFaulty([reset]);
      await backend.save(key, pattern(1000, seed));
      assert.equal(faults.fired, 1);
      await holds(context.backend, key, pattern(1000, seed));
    }
    const { backend, faults } = await context.makeFaulty([{ ...reset, on: 'put', times: 1000 }]);
    const error = await expectCode(backend.save(key, pattern(1000, 9)), 'Unavailable');
    assert.ok(faults.fired >= 1);
    assert.equal(error.retryable, 'ambiguous', 'nobody knows whether it was applied');
  },
};

/** Connections that break. */
export const connectionFaults: readonly ConformanceCase[] = [
  beforeRequest,
  readAnswerLost,
  writeAnswerLost,
  cutDownloads,
  cutUploads,
  staysDown,
  resets,
];
