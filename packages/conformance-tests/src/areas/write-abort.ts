import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { StorageBackend } from '@storage/core';
import { absent, eventually, expectCode, holds, keysUnder, rejectionOf } from '../assertions.ts';
import { failingBody, hangingBody, pattern, signalled, utf8, webStream } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { during } from '../parallel.ts';
import { isCausedBy, sizes } from './write-case.ts';

/** Every request that commits a save. */
const commits = ['put', 'multipart.complete'] as const;

/** Collects what no reference holds, where the runtime lets us. */
function collectGarbage(): void {
  try {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
  } catch {
    // Not V8: the case still shows that an unfinished writer does not commit.
  }
}

/** Aborts a save at a moment, and asserts what a failed save owes. */
async function abortAt(
  context: CaseContext,
  key: string,
  save: (signal: AbortSignal) => Promise<unknown>,
  moment: Promise<void>,
): Promise<void> {
  const { backend } = context;
  const before = await backend.getMetadata(key);
  const controller = new AbortController();
  const reason = new Error('the user went away');
  let began = 0;
  const error = await during(expectCode(save(controller.signal), 'Aborted'), async () => {
    await moment;
    began = performance.now();
    controller.abort(reason);
  });
  assert.ok(performance.now() - began < 1500, 'rejects promptly');
  assert.equal(error.name, 'AbortError');
  assert.ok(isCausedBy(error, reason), 'the reason is the cause');
  if (error.retryable === 'ambiguous') return;
  assert.deepEqual(await backend.getMetadata(key), before, 'unless it says ambiguous, nothing was applied');
}

async function noLeftovers(context: CaseContext, key: string): Promise<void> {
  const { capabilities, harness } = context;
  if (harness.listLeftovers === undefined) throw new Error('The harness has no listLeftovers.');
  const expires = capabilities.multipart !== false && capabilities.multipart.abort === 'expires';
  // Where the service lets the parts of an aborted upload expire, they are there and are seen by nobody else.
  if (expires) return;
  const list = harness.listLeftovers.bind(harness);
  await eventually(async () => (await list(key)).length === 0, `no leftovers of ${key}`);
}

async function abortAtCommit(context: CaseContext, kind: 'before' | 'after'): Promise<void> {
  const { backend, key, limits, makeFaulty } = context;
  for (const size of sizes(context)) {
    const name = key(`${kind}-${size}`);
    const bytes = pattern(size, 58);
    await backend.save(name, 'old');
    const [reached, gate] = [signalled(), signalled()];
    const run = (): Promise<void> => {
      reached.fire();
      return gate.promise;
    };
    const slow = await makeFaulty([{ on: commits, fault: { kind, run } }]);
    const save = (signal: AbortSignal): Promise<unknown> =>
      slow.backend.save(name, webStream(bytes), { signal, partSize: limits.partSize });
    await abortAt(context, name, save, reached.promise);
    gate.fire();
    assert.equal(slow.faults.fired, 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const after = (await backend.getMetadata(name))?.size;
    await holds(backend, name, after === 3 ? utf8('old') : bytes);
  }
}

export const abortedWrites: readonly ConformanceCase[] = [
  {
    number: 58,
    title: 'a signal that is aborted before the start: Aborted, and nothing is sent',
    run: async ({ backend, key, makeFaulty }) => {
      await backend.save(key('old'), 'old');
      const watched = await makeFaulty();
      const reason = new Error('too late');
      const signal = AbortSignal.abort(reason);
      const source = hangingBody(pattern(10));
      for (const body of ['x', webStream(pattern(10)), source.body]) {
        const error = await expectCode(watched.backend.save(key('new'), body, { signal }), 'Aborted');
        assert.ok(isCausedBy(error, reason));
      }
      await expectCode(watched.backend.delete(key('old'), { signal }), 'Aborted');
      await expectCode(watched.backend.retrieve(key('old'), { signal }), 'Aborted');
      assert.deepEqual(watched.faults.calls, []);
      await absent(backend, key('new'));
      await holds(backend, key('old'), utf8('old'));
    },
  },
  {
    number: 58,
    title: 'an abort while the body is sent: Aborted, promptly, and nothing is visible',
    run: async (context) => {
      const { backend, key, limits } = context;
      await backend.save(key('old'), 'old', { metadata: { version: 'old' } });
      for (const size of sizes(context)) {
        for (const name of ['new', 'old']) {
          const source = hangingBody(pattern(size));
          const save = (signal: AbortSignal): Promise<unknown> =>
            backend.save(key(name), source.body, { signal, partSize: limits.partSize });
          await abortAt(context, key(name), save, source.reached);
        }
      }
      await absent(backend, key('new'));
      await holds(backend, key('old'), utf8('old'));
    },
  },
  {
    number: 58,
    title: 'an abort just before the commit: Aborted, promptly, and old or new but whole',
    run: (context) => abortAtCommit(context, 'before'),
  },
  {
    number: 58,
    title: 'an abort just after the commit: Aborted, promptly, and ambiguous unless nothing landed',
    run: (context) => abortAtCommit(context, 'after'),
  },
  {
    number: 58,
    title: 'a deadline that passes rejects Timeout, and nothing is visible',
    run: async ({ backend, key }) => {
      const source = hangingBody(pattern(100));
      await expectCode(backend.save(key(), source.body, { timeoutMs: 150 }), 'Timeout');
      await eventually(source.returned, 'the source is given back');
      await absent(backend, key());
    },
  },
  {
    number: 59,
    title: 'an aborted or failed save leaves no part, block or staging file',
    uses: ['listLeftovers'],
    run: async (context) => {
      const { backend, key, limits } = context;
      const { partSize } = limits;
      for (const size of sizes(context)) {
        const source = hangingBody(pattern(size));
        const save = (signal: AbortSignal): Promise<unknown> =>
          backend.save(key('aborted'), source.body, { signal, partSize });
        await abortAt(context, key('aborted'), save, source.reached);
        await rejectionOf(backend.save(key('failed'), failingBody(pattern(size), new Error('broke')), { partSize }));
        await rejectionOf(backend.save(key('short'), webStream(pattern(size)), { partSize, size: size + 9 }));
        await backend.save(key('done'), webStream(pattern(size)), { partSize });
      }
      for (const name of ['aborted', 'failed', 'short', 'done']) await noLeftovers(context, key(name));
      assert.deepEqual(await keysUnder(backend, context.prefix), [key('done')]);
    },
  },
  {
    number: 60,
    title: 'a writer that is dropped never commits',
    run: async ({ backend, make, key, limits }) => {
      const bytes = pattern(limits.partSize + 10);
      const closing = await make();
      const sources: { readonly fail: () => void }[] = [];
      const drop = async (owner: StorageBackend, size: number, name: string): Promise<void> => {
        const source = hangingBody(bytes.subarray(0, size));
        sources.push({ fail: source.fail });
        owner.save(key(name), source.body, { partSize: limits.partSize }).catch(() => undefined);
        await source.reached;
      };
      await drop(backend, 100, 'small');
      await drop(backend, bytes.byteLength, 'large');
      await drop(closing, 100, 'closed');
      collectGarbage();
      await closing.close();
      await new Promise((resolve) => setTimeout(resolve, 100));
      collectGarbage();
      const names = ['small', 'large', 'closed'];
      for (const name of names) await absent(backend, key(name));
      for (const source of sources) source.fail();
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const name of names) await absent(backend, key(name));
    },
  },
];
