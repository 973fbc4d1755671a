import assert from 'node:assert/strict';
import { isStorageError } from '@storage/core';
import { assertCode, expectCode, holds, snapshot, unchanged } from '../assertions.ts';
import { iterable, pattern, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { withinMs } from '../timing.ts';
import { eachRequest, eachWired, type Outcome, textOf } from './faults-wire.ts';

const uses = ['server'] as const;

const beforeRequest: ConformanceCase = {
  number: 221,
  letter: 'g',
  title: 'over a connection: a reset before the server saw the request is made good, for each request of each call',
  uses,
  timeoutMs: 60_000,
  run: (context) =>
    eachRequest(context, 'any', { kind: 'reset-before' }, async ({ error, key, expected }) => {
      assert.equal(error, undefined, String(error));
      assert.equal(await textOf(context, key), expected, 'as after a call without a fault');
    }),
};

const answerLost: ConformanceCase = {
  number: 221,
  letter: 'h',
  title: 'over a connection: when an answer is lost, a read is repeated, and a write succeeds or is ambiguous',
  uses,
  timeoutMs: 60_000,
  run: async (context) => {
    const check = (outcome: Outcome): Promise<void> => neverFalse(outcome, () => textOf(context, outcome.key));
    await eachRequest(context, 'any', { kind: 'lose-answer' }, check);
    await eachRequest(context, 'any', { kind: 'reset-after' }, check);
    await eachRequest(context, 'any', { kind: 'answer', status: 500, applied: true }, check);
  },
};

const answerCut: ConformanceCase = {
  number: 221,
  letter: 'i',
  title: 'over a connection: an answer that is cut after its headers or in its body is none, for each request',
  uses,
  timeoutMs: 60_000,
  run: async (context) => {
    const check = (outcome: Outcome): Promise<void> => neverFalse(outcome, () => textOf(context, outcome.key));
    await eachRequest(context, 'any', { kind: 'reset-answer', afterBytes: 15 }, check);
    await eachRequest(context, 'small', { kind: 'reset-answer', afterBytes: 0 }, check);
    await eachRequest(context, 'small', { kind: 'end-answer', afterBytes: 0 }, check);
    await eachRequest(context, 'small', { kind: 'end-answer', afterBytes: 15 }, check);
  },
};

/** A read succeeds; a write succeeds and was made, or is ambiguous and was made or not. */
async function neverFalse(outcome: Outcome, now: () => Promise<string | undefined>): Promise<void> {
  const { subject, error, before, expected } = outcome;
  if (error === undefined) {
    assert.equal(await now(), expected, 'as after a call without a fault');
    return;
  }
  assert.ok(isStorageError(error), 'a StorageError');
  assert.equal(subject.effect, 'write', `a read succeeds: ${error.message}`);
  assert.equal(error.retryable, 'ambiguous', error.message);
  assert.ok([before, expected].includes(await now()), 'as before or as after the call');
}

const refused: ConformanceCase = {
  number: 221,
  letter: 'j',
  title: 'over a connection: nobody listens, and every call rejects Unavailable, safe to repeat; then it works again',
  uses,
  run: (context) =>
    eachWired(context, 'any', { retry: { baseDelayMs: 1 } }, async ({ proxy, prepare }) => {
      const { key, call } = await prepare();
      await proxy.refuse();
      const error = await unchanged(context.backend, key, () => expectCode(call, 'Unavailable'));
      assert.equal(error.retryable, 'safe');
      await proxy.arm();
      await call();
    }),
};

const silent: ConformanceCase = {
  number: 221,
  letter: 'k',
  title: 'over a connection: a server that goes silent makes every call reject Timeout, in the time configured',
  uses,
  run: async (context) => {
    const idleTimeoutMs = 300;
    await eachWired(context, 'any', { idleTimeoutMs, retry: false }, async ({ proxy, prepare }) => {
      const { key, call } = await prepare();
      await proxy.arm({ times: 1000, fault: { kind: 'silent' } });
      const began = performance.now();
      await unchanged(context.backend, key, () => withinMs(4000, 'a silent server', () => expectCode(call, 'Timeout')));
      assert.ok(performance.now() - began >= 0.9 * idleTimeoutMs, 'not before');
      assert.equal(proxy.fired, 1, 'one attempt was asked for');
    });

    const { backend, proxy } = await context.makeProxied({ retry: { baseDelayMs: 10 } });
    await proxy.arm({ times: 1000, fault: { kind: 'silent' } });
    for (const call of [
      () => backend.save(context.key(), 'x', { timeoutMs: 400 }),
      () => backend.retrieve(context.key(), { timeoutMs: 400 }),
      () => backend.delete(context.key(), { timeoutMs: 400 }),
    ]) {
      await withinMs(4000, 'a deadline', () => expectCode(call, 'Timeout'));
    }
    assert.equal(proxy.fired, 3, 'the deadline of a call leaves no time for another attempt');
  },
};

const stalled: ConformanceCase = {
  number: 221,
  letter: 'l',
  title: 'over a connection: an upload or an answer that stalls midway rejects Timeout, and nothing has changed',
  uses,
  run: async (context) => {
    const { partSize } = context.limits;
    const options = { idleTimeoutMs: 400, retry: false } as const;
    const large = pattern(2 * partSize + 100_000, 221);
    const bodies = { bytes: () => large, factory: () => () => iterable(large), stream: () => webStream(large) };
    for (const [name, body] of Object.entries(bodies)) {
      const { backend, proxy } = await context.makeProxied(options);
      await context.backend.save(context.key(name), 'old');
      await proxy.arm({ method: ['PUT', 'POST'], times: 1000, fault: { kind: 'stall-upload', afterBytes: 50_000 } });
      await unchanged(context.backend, context.key(name), () =>
        withinMs(8000, name, () => expectCode(backend.save(context.key(name), body(), { partSize }), 'Timeout')),
      );
      assert.ok(proxy.fired >= 1, `${name} has stalled`);
    }
    await eachWired(context, 'read', options, async ({ proxy, prepare, subject }) => {
      const { call } = await prepare();
      await proxy.arm({ times: 1000, fault: { kind: 'stall-answer', afterBytes: 0 } });
      const error: unknown = await withinMs(8000, subject.name, call).catch((reason: unknown) => reason);
      // The answer to a HEAD is whole with its headers.
      if (subject.on !== 'head') assertCode(error, 'Timeout');
      assert.ok(proxy.fired >= 1);
    });
  },
};

const cutUpload: ConformanceCase = {
  number: 221,
  letter: 'm',
  title: 'over a connection: an upload that is cut midway is sent again, or changes nothing where the body is gone',
  uses,
  run: async (context) => {
    const { partSize } = context.limits;
    const large = pattern(2 * partSize + 9, 221);
    const rule = { method: ['PUT', 'POST'], fault: { kind: 'reset-upload', afterBytes: 70_000 } } as const;
    const bodies = {
      bytes: () => large,
      factory: () => () => iterable(large),
      blob: () => new Blob([large]),
      stream: () => webStream(large),
    };
    for (const [name, body] of Object.entries(bodies)) {
      const key = context.key(name);
      await context.backend.save(key, 'old', { metadata: { a: '1' } });
      const before = await snapshot(context.backend, key);
      const { backend, proxy } = await context.makeProxied({ retry: { baseDelayMs: 10 } });
      await proxy.arm(rule);
      const error: unknown = await backend.save(key, body(), { partSize }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.equal(proxy.fired, 1, `${name}: the upload was cut`);
      if (error === undefined) {
        await holds(context.backend, key, large);
        continue;
      }
      assert.equal(name, 'stream', `${name} can be sent again: ${assertCode(error, 'Unavailable').message}`);
      assert.deepEqual(await snapshot(context.backend, key), before, 'a failed write changes nothing');
    }
  },
};

/** Connections that break, on a real connection. */
export const wireConnections: readonly ConformanceCase[] = [
  beforeRequest,
  answerLost,
  answerCut,
  refused,
  silent,
  stalled,
  cutUpload,
];
