import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { absent, assertCode, expectCode, expectRefused, holds, read, unchanged } from '../assertions.ts';
import { pattern, utf8, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { refusedSave, stale } from './conditions-case.ts';

/** Adds 1 to a number in an object by reading and comparing etags, again when another was faster. */
async function increment(backend: StorageBackend, key: string): Promise<void> {
  for (;;) {
    const file = await backend.retrieve(key);
    const value = Number(await file.text());
    try {
      await backend.save(key, String(value + 1), { ifMatch: file.etag });
      return;
    } catch (error) {
      assertCode(error, 'PreconditionFailed', 'Conflict');
    }
  }
}

export const matching: readonly ConformanceCase[] = [
  {
    number: 168,
    title: 'ifMatch: the current etag succeeds, a stale one is PreconditionFailed and nothing changes',
    claims: ['ifMatchPut'],
    needs: (capabilities) => capabilities.ifMatchPut,
    run: async ({ backend, key }) => {
      const { etag: first } = await backend.save(key(), 'one', { metadata: { n: '1' } });
      const { etag: second } = await backend.save(key(), 'two', { ifMatch: first, metadata: { n: '2' } });
      await holds(backend, key(), utf8('two'));
      for (const ifMatch of [first, stale]) {
        const late = (): Promise<unknown> => backend.save(key(), 'three', { ifMatch, metadata: { n: '3' } });
        const error = await unchanged(backend, key(), () => expectCode(late, 'PreconditionFailed'));
        assert.equal(error.retryable, 'no');
      }
      await backend.save(key(), 'three', { ifMatch: second });
      await holds(backend, key(), utf8('three'));
    },
    refused: (context) => refusedSave(context, { ifMatch: stale }),
  },
  {
    number: 169,
    title: 'ifMatch on a missing key is PreconditionFailed, and nothing is created',
    claims: ['ifMatchPut'],
    needs: (capabilities) => capabilities.ifMatchPut,
    run: async ({ backend, key, limits }) => {
      const { etag } = await backend.save(key('gone'), 'x');
      await backend.delete(key('gone'));
      for (const name of ['never', 'gone']) {
        await expectCode(backend.save(key(name), 'x', { ifMatch: etag }), 'PreconditionFailed');
        const large = webStream(pattern(2 * limits.partSize));
        await expectCode(
          backend.save(key(name), large, { ifMatch: etag, partSize: limits.partSize }),
          'PreconditionFailed',
        );
        await absent(backend, key(name));
      }
    },
    refused: (context) => refusedSave(context, { ifMatch: stale }),
  },
  {
    number: 170,
    title: 'ifMatch of a body in parts',
    claims: ['ifMatchPut', 'multipart.conditionalComplete'],
    needs: (capabilities) => capabilities.ifMatchPut,
    run: async ({ backend, key, limits }) => {
      const { partSize } = limits;
      const bytes = pattern(2 * partSize + 9, 170);
      const { etag: first } = await backend.save(key(), webStream(pattern(2 * partSize, 1)), { partSize });
      const { etag: second } = await backend.save(key(), webStream(bytes), { partSize, ifMatch: first });
      await holds(backend, key(), bytes);
      for (const ifMatch of [first, stale]) {
        const late = (): Promise<unknown> =>
          backend.save(key(), webStream(pattern(2 * partSize, 3)), { partSize, ifMatch });
        await unchanged(backend, key(), () => expectCode(late, 'PreconditionFailed'));
      }
      await backend.save(key(), 'small', { ifMatch: second });
      await holds(backend, key(), utf8('small'));
    },
    refused: (context) => refusedSave(context, { ifMatch: stale }),
  },
  {
    number: 171,
    title: 'a counter by compare-and-set loses no increment',
    claims: ['ifMatchPut'],
    timeoutMs: 60_000,
    needs: (capabilities) => capabilities.ifMatchPut,
    run: async ({ backend, make, key }) => {
      await backend.save(key('counter'), '0');
      await backend.save(key('updated'), '0');
      const [workers, increments] = [count(4, 8), count(5, 50)];
      const work = async (worker: number): Promise<void> => {
        const own = worker % 2 === 0 ? backend : await make();
        for (let done = 0; done < increments; done += 1) {
          await increment(own, key('counter'));
          await own.update(key('updated'), async (file) => String(Number((await file?.text()) ?? 0) + 1));
        }
      };
      await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
      assert.equal(Buffer.from(await read(backend, key('counter'))).toString(), String(workers * increments));
      assert.equal(Buffer.from(await read(backend, key('updated'))).toString(), String(workers * increments));
    },
    refused: async (context) => {
      const { backend, key } = context;
      await backend.save(key(), '0');
      await expectRefused(context, key(), (watched) => watched.update(key(), () => Promise.resolve('1')));
    },
  },
  {
    number: 176,
    title: 'a delete with ifMatch: a stale etag is PreconditionFailed and the object remains',
    claims: ['ifMatchDelete'],
    needs: (capabilities) => capabilities.ifMatchDelete,
    run: async ({ backend, key }) => {
      const { etag: first } = await backend.save(key(), 'one');
      const { etag: second } = await backend.save(key(), 'two');
      for (const ifMatch of [first, stale]) {
        const late = (): Promise<unknown> => backend.delete(key(), { ifMatch });
        await unchanged(backend, key(), () => expectCode(late, 'PreconditionFailed'));
      }
      await backend.delete(key(), { ifMatch: second });
      await absent(backend, key());
      await expectCode(backend.delete(key(), { ifMatch: second }), 'PreconditionFailed');
    },
    refused: async (context) => {
      const { backend, key } = context;
      const { etag } = await backend.save(key(), 'x');
      for (const ifMatch of [etag, stale]) {
        await expectRefused(context, key(), (watched) => watched.delete(key(), { ifMatch }));
      }
    },
  },
];
