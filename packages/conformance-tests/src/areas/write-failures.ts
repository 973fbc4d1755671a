import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { StorageBackend } from '@storage/core';
import { DriverFault } from '@storage/core/driver';
import { absent, eventually, expectCode, holds, keysUnder, rejectionOf, unchanged } from '../assertions.ts';
import { failingBody, hangingBody, iterable, pattern, signalled, utf8, webStream } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { denied } from '../faults/faulty-driver.ts';
import type { FaultRule } from '../faults/faulty-driver.ts';

/** Every request that carries bytes of a save. */
const uploads = ['put', 'multipart.putPart'] as const;
/** Every request that commits a save. */
const commits = ['put', 'multipart.complete'] as const;

/** Sizes on both sides of the step from one request to parts. */
function sizes({ limits }: CaseContext): readonly number[] {
  return [1000, limits.partSize * 2 + 1000];
}

/** Whether an error is, or has somewhere below it, the cause. */
function isCausedBy(error: unknown, cause: unknown): boolean {
  if (error === cause) return true;
  return error instanceof Error && error.cause !== undefined && isCausedBy(error.cause, cause);
}

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
  const rejected = expectCode(save(controller.signal), 'Aborted');
  await moment;
  controller.abort(reason);
  const began = performance.now();
  const error = await rejected;
  assert.ok(performance.now() - began < 1000, 'rejects promptly');
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

export const writeFailures: readonly ConformanceCase[] = [
  {
    number: 54,
    title: 'a source that fails mid-way rejects with the failure as cause, and nothing is stored',
    run: async (context) => {
      const { backend, key, limits } = context;
      for (const size of sizes(context)) {
        const boom = new Error('the source broke');
        const bodies = [
          failingBody(pattern(size), boom),
          Readable.from(failingBody(pattern(size), boom)),
          ReadableStream.from(failingBody(pattern(size), boom)),
          () => failingBody(pattern(size), boom),
        ];
        for (const body of bodies) {
          const error = await rejectionOf(backend.save(key(), body, { partSize: limits.partSize }));
          await expectCode(Promise.reject(error as Error), 'Unknown', 'Unavailable', 'InvalidArgument', 'Aborted');
          assert.ok(isCausedBy(error, boom), 'the failure of the source is the cause');
        }
        await absent(backend, key());
      }
    },
  },
  {
    number: 54,
    title: 'a source that fails at once, or cannot be opened, stores nothing',
    run: async ({ backend, key }) => {
      const boom = new Error('cannot open');
      const fail = (): never => {
        throw boom;
      };
      for (const body of [failingBody(new Uint8Array(), boom), fail, () => Promise.reject(boom)]) {
        const error = await rejectionOf(backend.save(key(), body));
        assert.ok(isCausedBy(error, boom));
      }
      await absent(backend, key());
    },
  },
  {
    number: 55,
    title: 'a source that fails over an existing key leaves the old object, metadata included',
    run: async (context) => {
      const { backend, key, limits } = context;
      await backend.save(key(), 'old', { metadata: { version: 'old' }, contentType: 'text/plain' });
      for (const size of sizes(context)) {
        const body = failingBody(pattern(size), new Error('the source broke'));
        const options = { partSize: limits.partSize, metadata: { version: 'new' } };
        await unchanged(backend, key(), () => rejectionOf(backend.save(key(), body, options)));
      }
    },
  },
  {
    number: 56,
    title: 'fewer bytes than declared reject LengthMismatch, and nothing is visible',
    run: async (context) => {
      const { backend, key, limits } = context;
      await backend.save(key('old'), 'old', { metadata: { version: 'old' } });
      for (const size of sizes(context)) {
        const options = { size: size + 1, partSize: limits.partSize };
        for (const body of [webStream(pattern(size)), () => iterable(pattern(size)), pattern(size)]) {
          await expectCode(backend.save(key(), body, options), 'LengthMismatch');
        }
        const over = (): Promise<unknown> => backend.save(key('old'), webStream(pattern(size)), options);
        await unchanged(backend, key('old'), () => expectCode(over, 'LengthMismatch'));
      }
      await absent(backend, key());
    },
  },
  {
    number: 57,
    title: 'more bytes than declared reject LengthMismatch, and nothing is visible',
    run: async (context) => {
      const { backend, key, limits } = context;
      await backend.save(key('old'), 'old', { metadata: { version: 'old' } });
      for (const size of sizes(context)) {
        for (const declared of [size - 1, 0]) {
          const options = { size: declared, partSize: limits.partSize };
          for (const body of [webStream(pattern(size)), () => iterable(pattern(size)), pattern(size)]) {
            await expectCode(backend.save(key(), body, options), 'LengthMismatch');
          }
          const over = (): Promise<unknown> => backend.save(key('old'), webStream(pattern(size)), options);
          await unchanged(backend, key('old'), () => expectCode(over, 'LengthMismatch'));
        }
      }
      await absent(backend, key());
    },
  },
  {
    number: 57,
    title: 'more bytes than maxSize reject LengthMismatch, and nothing is visible; as many are fine',
    run: async (context) => {
      const { backend, key, limits } = context;
      for (const size of sizes(context)) {
        const options = { maxSize: size - 1, partSize: limits.partSize };
        for (const body of [webStream(pattern(size)), pattern(size)]) {
          await expectCode(backend.save(key(), body, options), 'LengthMismatch');
        }
        await absent(backend, key());
        await backend.save(key('fits'), webStream(pattern(size)), { ...options, maxSize: size });
        await holds(backend, key('fits'), pattern(size));
      }
    },
  },
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
  {
    number: 61,
    title: 'a full store is QuotaExceeded: not retried, nothing partial, the old object intact',
    run: async (context) => {
      const { backend, key, limits, makeFaulty } = context;
      const error = (): DriverFault => new DriverFault('QuotaExceeded', 'injected: no space left');
      await backend.save(key('old'), 'old', { metadata: { version: 'old' } });
      for (const size of sizes(context)) {
        const rules: FaultRule[] = [{ on: uploads, times: 100, fault: { kind: 'cut-body', afterBytes: 500, error } }];
        const full = await makeFaulty(rules);
        const save = (name: string): Promise<unknown> =>
          full.backend.save(key(name), pattern(size), { partSize: limits.partSize });
        await expectCode(save('new'), 'QuotaExceeded');
        assert.ok(full.faults.fired > 0);
        const sent = full.faults.calls.map((call) => `${call.operation} ${String(call.request['partNumber'])}`);
        assert.equal(new Set(sent).size, sent.length, 'what cannot succeed is not retried');
        await unchanged(backend, key('old'), () => expectCode(save('old'), 'QuotaExceeded'));
      }
      await absent(backend, key('new'));
    },
  },
  {
    number: 64,
    title: 'while the service does not take bytes, the source is not read beyond the bound',
    run: async ({ key, limits, capabilities, makeFaulty }) => {
      const gate = signalled();
      const stuck = await makeFaulty([
        { on: uploads, times: 1000, fault: { kind: 'before', run: () => gate.promise } },
      ]);
      const bound = Math.max(limits.partSize * 2, 64 * 1024 * 1024);
      const chunk = pattern(1024 * 1024);
      let taken = 0;
      async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
        for (let sent = 0; sent < 2 * bound; sent += chunk.byteLength) {
          taken += chunk.byteLength;
          yield chunk;
        }
      }
      const controller = new AbortController();
      const options = { partSize: limits.partSize, concurrency: 2, signal: controller.signal };
      const saving = rejectionOf(stuck.backend.save(key(), source(), options));
      await settled(() => taken);
      controller.abort();
      gate.fire();
      const { multipart, singlePut } = capabilities;
      // Without either way to send what has no size, it is refused once it is more than may be buffered.
      const sends = multipart !== false || singlePut.unknownSize;
      await expectCode(Promise.reject((await saving) as Error), sends ? 'Aborted' : 'Unsupported');
      assert.equal(stuck.faults.fired > 0, sends, 'requests were held back');
      assert.ok(taken <= bound + chunk.byteLength, `${taken} bytes were taken, the bound is ${bound}`);
    },
  },
  {
    number: 65,
    title: 'the source is given back when the write fails',
    run: async ({ key, limits, makeFaulty }) => {
      const endless = (): { body: ReadableStream<Uint8Array>; cancelled: () => boolean } => {
        let cancelled = false;
        const pull = (controller: ReadableStreamDefaultController): void => controller.enqueue(pattern(64 * 1024));
        const cancel = (): void => {
          cancelled = true;
        };
        return { body: new ReadableStream({ pull, cancel }), cancelled: () => cancelled };
      };
      const rules: FaultRule[] = [
        { on: [...uploads, 'multipart.create'], times: 1000, fault: { kind: 'fail-before', error: denied } },
      ];
      const failing = await makeFaulty(rules);
      const options = { partSize: limits.partSize, size: 4 * limits.partSize };
      const web = endless();
      await expectCode(failing.backend.save(key(), web.body, options), 'PermissionDenied');
      await eventually(web.cancelled, 'a web stream is cancelled');
      const node = Readable.fromWeb(endless().body as never);
      await expectCode(failing.backend.save(key(), node, options), 'PermissionDenied');
      await eventually(() => node.destroyed, 'a Node stream is destroyed');
      const source = hangingBody(pattern(4 * limits.partSize));
      await expectCode(failing.backend.save(key(), source.body, options), 'PermissionDenied');
      await eventually(source.returned, 'an iterator is returned');
      assert.ok(failing.faults.fired >= 3);
    },
  },
  {
    number: 65,
    title: 'the source is given back when the call is refused or aborted',
    run: async ({ backend, key }) => {
      const refused = hangingBody(pattern(10));
      await expectCode(backend.save('', refused.body), 'InvalidKey');
      await eventually(refused.returned, 'a source of a refused call');
      const controller = new AbortController();
      const aborted = hangingBody(pattern(10));
      const saving = expectCode(backend.save(key(), aborted.body, { signal: controller.signal }), 'Aborted');
      await aborted.reached;
      controller.abort();
      await saving;
      await eventually(aborted.returned, 'a source of an aborted call');
    },
  },
];

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

/** Waits until a number stays as it is for a while. */
async function settled(value: () => number): Promise<void> {
  let [last, quietSince] = [value(), performance.now()];
  while (performance.now() - quietSince < 300) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (value() === last) continue;
    [last, quietSince] = [value(), performance.now()];
  }
}
