import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { absent, expectCode } from '../assertions.ts';
import { iterable, pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { pause, withinMs } from '../timing.ts';

/** A public call that can be aborted on its way, and the request that it is held up in. */
interface Abortable {
  readonly name: string;
  readonly on: 'head' | 'get' | 'put' | 'remove' | 'listPage';
  readonly call: (backend: StorageBackend, key: string, signal: AbortSignal) => Promise<unknown>;
}

const abortables: readonly Abortable[] = [
  { name: 'save', on: 'put', call: (b, key, signal) => b.save(key, 'new', { signal }) },
  { name: 'retrieve', on: 'get', call: (b, key, signal) => b.retrieve(key, { signal }) },
  { name: 'exists', on: 'head', call: (b, key, signal) => b.exists(key, { signal }) },
  { name: 'getMetadata', on: 'head', call: (b, key, signal) => b.getMetadata(key, { signal }) },
  { name: 'delete', on: 'remove', call: (b, key, signal) => b.delete(key, { signal }) },
  { name: 'listFiles', on: 'listPage', call: (b, key, signal) => b.listFiles(key, { signal }) },
  { name: 'listPage', on: 'listPage', call: (b, key, signal) => b.listPage({ prefix: key, signal }) },
  { name: 'walk', on: 'listPage', call: (b, key, signal) => b.walk(key, { signal }).next() },
  { name: 'deletePrefix', on: 'listPage', call: (b, key, signal) => b.deletePrefix(key, { signal }) },
];

const aborts: ConformanceCase = {
  number: 231,
  title: 'an abort on the way rejects Aborted at once, with the reason as cause, and changes nothing',
  run: async (context) => {
    const key = context.key();
    await context.backend.save(key, 'old');
    for (const { name, on, call } of abortables) {
      const { backend, faults } = await context.makeFaulty([{ on, times: 100, fault: { kind: 'delay', ms: 60_000 } }]);
      const controller = new AbortController();
      const reason = new Error(`enough of ${name}`);
      setTimeout(() => controller.abort(reason), 30);
      const error = await withinMs(3000, name, () => expectCode(call(backend, key, controller.signal), 'Aborted'));
      assert.equal(error.name, 'AbortError', name);
      assert.equal(error.cause, reason, name);
      assert.equal(error.operation, name);
      assert.equal(faults.fired, 1, `${name}: no new request after the abort`);
    }
    assert.equal(await (await context.backend.retrieve(key)).text(), 'old');
  },
};

const abortedBefore: ConformanceCase = {
  number: 231,
  letter: 'a',
  title: 'a signal that was aborted before sends nothing; reasons of any type are kept',
  run: async (context) => {
    const key = context.key();
    for (const reason of [new Error('before'), 'text', 7, undefined]) {
      const signal = reason === undefined ? AbortSignal.abort() : AbortSignal.abort(reason);
      const { backend, faults } = await context.makeFaulty([]);
      for (const { call } of abortables) {
        const error = await expectCode(call(backend, key, signal), 'Aborted');
        assert.equal(error.cause, signal.reason);
        assert.equal(error.attempts, 0);
      }
      assert.deepEqual(faults.calls, []);
    }
    await absent(context.backend, key);
  },
};

const signalsAreReleased: ConformanceCase = {
  number: 231,
  letter: 'b',
  title: 'a signal that outlives its calls keeps none of their listeners',
  run: async (context) => {
    const key = context.key();
    await context.backend.save(key, pattern(100));
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    const registered = new Set<unknown>();
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      registered.add(given[1]);
      listeners = registered.size;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      registered.delete(given[1]);
      remove(...given);
    };
    await context.backend.save(key, iterable(pattern(500)), { signal });
    await (await context.backend.retrieve(key, { signal })).bytes();
    await context.backend.listFiles(key, { signal });
    await pause(0);
    assert.ok(listeners >= 1, 'the signal was listened to');
    assert.equal(registered.size, 0, 'listeners that are left');
  },
};

/** Calls that their caller ends. */
export const abortErrors: readonly ConformanceCase[] = [aborts, abortedBefore, signalsAreReleased];
