import assert from 'node:assert/strict';
import type { Capabilities, StorageBackend } from '@storage/core';
import { DriverFault } from '@storage/core/driver';
import { absent, expectCode, holds, sameBytes, snapshot, unchanged } from '../assertions.ts';
import { iterable, pattern } from '../bodies.ts';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { defineArea } from '../case.ts';
import { connectionReset } from '../faults/faults.ts';
import type { DriverOperation, FaultRule } from '../faults/faults.ts';
import { pause, withinMs } from '../timing.ts';

/** A public call, the request that it makes, and what must hold before. */
interface Subject {
  readonly name: string;
  readonly on: DriverOperation;
  readonly effect: 'read' | 'write';
  readonly when?: (capabilities: Capabilities) => boolean;
  /** Makes the store what the call needs; resolves to an argument of `call`. */
  readonly prepare?: (backend: StorageBackend, key: string) => Promise<string>;
  readonly call: (backend: StorageBackend, key: string, argument: string) => Promise<unknown>;
}

const body = 'the body of an object';

async function oldVersion(backend: StorageBackend, key: string): Promise<string> {
  const { versionId } = await backend.save(key, 'old');
  await backend.save(key, body);
  assert.ok(versionId, 'a version is told');
  return versionId;
}

const hasVersions = (capabilities: Capabilities): boolean => capabilities.versions !== false;
const hasTiers = (capabilities: Capabilities): boolean => capabilities.tiers !== false;

/** Everything that makes one request. */
const subjects: readonly Subject[] = [
  { name: 'exists', on: 'head', effect: 'read', call: (b, key) => b.exists(key) },
  { name: 'getMetadata', on: 'head', effect: 'read', call: (b, key) => b.getMetadata(key) },
  { name: 'retrieve', on: 'get', effect: 'read', call: async (b, key) => (await b.retrieve(key)).text() },
  { name: 'listFiles', on: 'listPage', effect: 'read', call: (b, key) => b.listFiles(key) },
  { name: 'save', on: 'put', effect: 'write', call: (b, key) => b.save(key, 'new body') },
  { name: 'delete', on: 'remove', effect: 'write', call: (b, key) => b.delete(key) },
  {
    name: 'deleteMany',
    on: 'removeMany',
    effect: 'write',
    when: ({ batchDelete }) => batchDelete !== false,
    call: async (b, key) => {
      const [outcome] = await b.deleteMany([key]);
      if (outcome?.ok !== true) throw outcome?.error ?? new Error('no outcome');
    },
  },
  { name: 'copy', on: 'copy', effect: 'write', when: ({ copy }) => copy, call: (b, key) => b.copy(key, `${key}-copy`) },
  {
    name: 'updateMetadata',
    on: 'setMetadata',
    effect: 'write',
    when: ({ setMetadata }) => setMetadata,
    call: (b, key) => b.updateMetadata(key, { a: 'changed' }),
  },
  { name: 'getTags', on: 'tags.get', effect: 'read', when: ({ tags }) => tags, call: (b, key) => b.getTags(key) },
  {
    name: 'setTags',
    on: 'tags.set',
    effect: 'write',
    when: ({ tags }) => tags,
    call: (b, key) => b.setTags(key, { a: '1' }),
  },
  {
    name: 'setTier',
    on: 'tiers.set',
    effect: 'write',
    when: hasTiers,
    call: (b, key) => b.setTier(key, (b.capabilities.tiers || [])[0] ?? ''),
  },
  { name: 'getVersions', on: 'versions.list', effect: 'read', when: hasVersions, call: (b, key) => b.getVersions(key) },
  {
    name: 'restoreVersion',
    on: 'versions.restore',
    effect: 'write',
    when: hasVersions,
    prepare: oldVersion,
    call: (b, key, versionId) => b.restoreVersion(key, versionId),
  },
  {
    name: 'undelete',
    on: 'versions.undelete',
    effect: 'write',
    when: ({ undelete }) => undelete,
    prepare: async (b, key) => {
      await b.delete(key);
      return '';
    },
    call: (b, key) => b.undelete(key),
  },
];

/** Runs `test` for every call that the backend has, on an object of its own. */
async function eachSubject(
  context: CaseContext,
  effect: 'read' | 'write' | 'any',
  test: (subject: Subject, key: string, argument: string) => Promise<void>,
): Promise<void> {
  const wanted = subjects.filter(
    (subject) => (effect === 'any' || subject.effect === effect) && subject.when?.(context.capabilities) !== false,
  );
  // At once: most of their time is waiting between attempts.
  await Promise.all(wanted.map(run));

  async function run(subject: Subject): Promise<void> {
    const key = context.key(subject.name);
    await context.backend.save(key, body, { metadata: { a: '1' } });
    const argument = (await subject.prepare?.(context.backend, key)) ?? '';
    await test(subject, key, argument).catch((error: unknown) => {
      throw new Error(`${subject.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
  }
}

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
      const error = await call(backend, key, argument).then(
        () => undefined,
        (caught: unknown) => caught,
      );
      assert.equal(faults.fired, 1);
      if (error !== undefined) {
        assert.equal((error as { retryable?: unknown }).retryable, 'ambiguous', `not ambiguous: ${String(error)}`);
      }
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
      ['blob', new Blob([bytes as Uint8Array<ArrayBuffer>])],
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
    const error = await backend.save(key, iterable(bytes), { partSize }).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    assert.equal(faults.fired, 1, 'stream: the upload was cut');
    if (error === undefined) return holds(context.backend, key, bytes);
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

/** The error of a service that is asked too often. */
function throttled(retryAfterMs: number): DriverFault {
  const fault = new DriverFault('Throttled', 'injected: slow down', { retryable: 'safe' });
  const classification = { ...fault.classification, retryAfterMs, httpStatus: 503 };
  return Object.defineProperty(fault, 'classification', { value: classification });
}

const retryAfter: ConformanceCase = {
  number: 222,
  title: 'Retry-After is waited for',
  run: async (context) => {
    await context.backend.save(context.key(), 'text');
    const { backend, faults } = await context.makeFaulty([
      { on: 'head', fault: { kind: 'fail-before', error: () => throttled(400) } },
    ]);
    const began = performance.now();
    assert.equal(await backend.exists(context.key()), true);
    const took = performance.now() - began;
    assert.equal(faults.fired, 1);
    assert.ok(took >= 390, `waited ${Math.round(took)} of 400 ms`);
  },
};

const boundedAttempts: ConformanceCase = {
  number: 222,
  letter: 'a',
  title: 'throttling is retried at most four times, then rejects Throttled with its attempts and status',
  run: async (context) => {
    const rule: FaultRule = { on: 'put', times: 1000, fault: { kind: 'fail-before', error: () => throttled(1) } };
    const { backend, faults } = await context.makeFaulty([rule], { retry: { throttledDelayMs: 10 } });
    const error = await expectCode(backend.save(context.key(), 'text'), 'Throttled');
    assert.equal(faults.fired, error.attempts);
    assert.ok(error.attempts >= 2 && error.attempts <= 5, `${error.attempts} attempts`);
    assert.equal(error.httpStatus, 503);
    assert.equal(error.retryAfterMs, 1);
    await absent(context.backend, context.key());
  },
};

const deadline: ConformanceCase = {
  number: 222,
  letter: 'b',
  title: 'a deadline ends retries, waits and slow requests, and no request is made after it',
  run: async (context) => {
    const waiting = await context.makeFaulty([
      { on: 'head', times: 1000, fault: { kind: 'fail-before', error: () => throttled(60_000) } },
    ]);
    await withinMs(3000, 'a wait beyond the deadline', () =>
      expectCode(waiting.backend.exists(context.key(), { timeoutMs: 300 }), 'Throttled', 'Timeout'),
    );
    assert.equal(waiting.faults.fired, 1);

    const slow = await context.makeFaulty([{ on: 'put', times: 1000, fault: { kind: 'delay', ms: 60_000 } }]);
    const error = await withinMs(5000, 'a slow request', () =>
      expectCode(slow.backend.save(context.key(), 'text', { timeoutMs: 300 }), 'Timeout'),
    );
    assert.equal(slow.faults.fired, 1);
    assert.equal(error.operation, 'save');
    const made = slow.faults.calls.length;
    await pause(200);
    assert.equal(slow.faults.calls.length, made, 'no request after the deadline');
    await absent(context.backend, context.key());
  },
};

const notRetried: ConformanceCase = {
  number: 222,
  letter: 'c',
  title: 'what cannot succeed is not tried again',
  run: async (context) => {
    const key = context.key();
    await context.backend.save(key, 'text');
    const codes = [
      'PermissionDenied',
      'Unauthenticated',
      'InvalidArgument',
      'QuotaExceeded',
      'NotFound',
      'Corrupted',
    ] as const;
    for (const code of codes) {
      const error = (): DriverFault => new DriverFault(code, 'injected');
      const { backend, faults } = await context.makeFaulty([
        { on: ['put', 'get'], times: 1000, fault: { kind: 'fail-before', error } },
      ]);
      await expectCode(backend.save(key, 'new'), code);
      await expectCode(backend.retrieve(key), code);
      assert.equal(faults.fired, 2, `${code} is met once by each call`);
    }
    const { backend, faults } = await context.makeFaulty([
      { on: 'put', times: 1000, fault: { kind: 'fail-before', error: () => new Error('nobody knows me') } },
    ]);
    await expectCode(backend.save(key, 'new'), 'Unknown');
    assert.equal(faults.fired, 1, 'an unknown error is not retried');
  },
};

const abortWhileWaiting: ConformanceCase = {
  number: 222,
  letter: 'd',
  title: 'an abort ends the wait before a retry at once',
  run: async (context) => {
    const { backend, faults } = await context.makeFaulty([
      { on: 'head', times: 1000, fault: { kind: 'fail-before', error: () => throttled(20_000) } },
    ]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await withinMs(2000, 'the wait', () =>
      expectCode(backend.exists(context.key(), { signal: controller.signal }), 'Aborted'),
    );
    assert.equal(faults.fired, 1);
  },
};

const counter: ConformanceCase = {
  number: 224,
  title: 'the fault layer counts what it did and nothing else',
  run: async (context) => {
    const key = context.key();
    await context.backend.save(key, 'text');
    const idle = await context.makeFaulty([{ on: 'put', fault: { kind: 'fail-before' } }]);
    await idle.backend.exists(key);
    assert.equal(idle.faults.fired, 0, 'a rule that nothing matches');
    assert.deepEqual(
      idle.faults.calls.map((call) => call.operation),
      ['head'],
    );

    const other = await context.makeFaulty([{ on: 'head', key: context.key('other'), fault: { kind: 'fail-before' } }]);
    await other.backend.exists(key);
    assert.equal(other.faults.fired, 0, 'a rule for another key');

    const skipping = await context.makeFaulty([{ on: 'head', skip: 1, times: 2, fault: { kind: 'delay', ms: 1 } }]);
    for (let call = 0; call < 5; call += 1) await skipping.backend.exists(key);
    assert.equal(skipping.faults.fired, 2, 'a rule that passes one and hits two');
  },
};

const twoHundred: ConformanceCase = {
  number: 255,
  title: '200 concurrent operations that each meet one failure all succeed',
  run: async (context) => {
    const names = Array.from({ length: 200 }, (_, index) => context.key(`k${index}`));
    const once = (on: DriverOperation): FaultRule[] =>
      names.map((key) => ({ on, key, fault: { kind: 'fail-before' } }));
    const { backend, faults } = await context.makeFaulty([...once('put'), ...once('get'), ...once('remove')]);
    await Promise.all(names.map((key, index) => backend.save(key, pattern(64, index))));
    assert.equal(faults.fired, 200, 'each save met one');
    const bodies = await Promise.all(names.map(async (key) => (await backend.retrieve(key)).bytes()));
    for (const [index, found] of bodies.entries()) sameBytes(found, pattern(64, index), names[index]);
    assert.equal(faults.fired, 400, 'each read met one');
    await Promise.all(names.map((key) => backend.delete(key)));
    assert.equal(faults.fired, 600, 'each delete met one');
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

export const faults: Area = defineArea({
  name: 'faults',
  title: 'M. Faults',
  cases: [
    beforeRequest,
    readAnswerLost,
    writeAnswerLost,
    cutDownloads,
    cutUploads,
    staysDown,
    resets,
    retryAfter,
    boundedAttempts,
    deadline,
    notRetried,
    abortWhileWaiting,
    counter,
    twoHundred,
  ],
});
