import assert from 'node:assert/strict';
import { DriverFault } from '@storage/core/driver';
import { absent, expectCode, sameBytes } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import type { DriverOperation, FaultRule } from '../faults/faults.ts';
import { pause, withinMs } from '../timing.ts';

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

/** What is tried again, how often and how long. */
export const retries: readonly ConformanceCase[] = [
  retryAfter,
  boundedAttempts,
  deadline,
  notRetried,
  abortWhileWaiting,
  counter,
  twoHundred,
];
