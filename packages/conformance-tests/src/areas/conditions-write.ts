import assert from 'node:assert/strict';
import type { SaveOptions, StorageBackend } from '@storage/core';
import { absent, expectCode, expectEarly, expectRefused, headOf, holds, read, unchanged } from '../assertions.ts';
import { iterable, pattern, utf8, webStream } from '../bodies.ts';
import { count } from '../case.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';

/** An etag that no object has. */
const stale = '"00000000000000000000000000000000"';

/** Saves an object and asserts that a save with an option which is not claimed is refused. */
async function refusedSave(context: CaseContext, options: SaveOptions): Promise<void> {
  const { backend, key, limits } = context;
  await backend.save(key(), 'old', { metadata: { version: 'old' } });
  const { partSize } = limits;
  const large = (): ReadableStream<Uint8Array> => webStream(pattern(2 * partSize));
  await expectRefused(context, key(), (watched) => watched.save(key(), 'new', options));
  await expectRefused(context, key(), (watched) => watched.save(key(), large(), { ...options, partSize }));
  await expectRefused(context, key('missing'), (watched) => watched.save(key('missing'), 'new', options));
}

/** Adds 1 to a number in an object by reading and comparing etags, again when another was faster. */
async function increment(backend: StorageBackend, key: string): Promise<void> {
  for (;;) {
    const file = await backend.retrieve(key);
    const value = Number(await file.text());
    try {
      await backend.save(key, String(value + 1), { ifMatch: file.etag });
      return;
    } catch (error) {
      await expectCode(Promise.reject(error as Error), 'PreconditionFailed', 'Conflict');
    }
  }
}

export const writeConditions: readonly ConformanceCase[] = [
  {
    number: 165,
    title: 'create-only: the first succeeds, the second is AlreadyExists, content and metadata unchanged',
    claims: ['ifAbsentPut'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: async ({ backend, key }) => {
      await backend.save(key(), 'first', { ifAbsent: true, metadata: { who: 'first' }, contentType: 'text/plain' });
      await holds(backend, key(), utf8('first'));
      const again = (): Promise<unknown> =>
        backend.save(key(), 'second', { ifAbsent: true, metadata: { who: 'second' } });
      const error = await unchanged(backend, key(), () => expectCode(again, 'AlreadyExists'));
      assert.equal(error.key, key());
      assert.equal(error.retryable, 'no');
      await backend.save(key(), 'third', { ifAbsent: false });
      await backend.delete(key());
      await backend.save(key(), 'fourth', { ifAbsent: true });
      await holds(backend, key(), utf8('fourth'));
      await backend.save(key('empty'), '', { ifAbsent: true });
      await expectCode(backend.save(key('empty'), '', { ifAbsent: true }), 'AlreadyExists');
    },
    refused: (context) => refusedSave(context, { ifAbsent: true }),
  },
  {
    number: 166,
    title: 'create-only of a body in parts, of known and of unknown size',
    claims: ['ifAbsentPut', 'multipart.conditionalComplete'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: async ({ backend, key, limits }) => {
      const bytes = pattern(2 * limits.partSize + 9, 166);
      const { partSize } = limits;
      const options = { ifAbsent: true, partSize, metadata: { who: 'first' } };
      await backend.save(key('unknown'), webStream(bytes), options);
      await backend.save(key('known'), webStream(bytes), { ...options, size: bytes.byteLength });
      await backend.save(key('replayable'), () => iterable(bytes), options);
      for (const name of ['unknown', 'known', 'replayable']) {
        await holds(backend, key(name), bytes);
        for (const body of [webStream(pattern(2 * partSize + 1, 2)), utf8('small')]) {
          const again = (): Promise<unknown> => backend.save(key(name), body, options);
          await unchanged(backend, key(name), () => expectCode(again, 'AlreadyExists'));
        }
      }
    },
    refused: (context) => refusedSave(context, { ifAbsent: true }),
  },
  {
    number: 167,
    title: 'of many creators of one key at once exactly one succeeds, and the content is the winner’s',
    claims: ['ifAbsentPut'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: async ({ backend, make, key }) => {
      const instances = [backend, await make(), await make()];
      for (let round = 0; round < count(4, 100); round += 1) {
        const name = key(`round-${round}`);
        const creators = Array.from({ length: 16 }, (_, index) => {
          const body = pattern(5000 + index, index + 1);
          const instance = instances[index % instances.length] ?? backend;
          const source = index % 2 === 0 ? body : webStream(body);
          return instance.save(name, source, { ifAbsent: true, metadata: { who: String(index) } }).then(
            () => body,
            async (error: unknown) => void (await expectCode(Promise.reject(error as Error), 'AlreadyExists')),
          );
        });
        const winners = (await Promise.all(creators)).filter((body) => body !== undefined);
        assert.equal(winners.length, 1, `${winners.length} winners in round ${round}`);
        await holds(backend, name, winners[0] ?? new Uint8Array());
        const { metadata, size } = await headOf(backend, name);
        assert.equal(size, 5000 + Number(metadata['who']), 'the metadata is the winner’s too');
      }
    },
    refused: (context) => refusedSave(context, { ifAbsent: true }),
  },
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
    number: 175,
    title: 'ifNoneMatch with an etag on a write: the current one is PreconditionFailed, another succeeds',
    claims: ['ifNoneMatchPut'],
    needs: (capabilities) => capabilities.ifNoneMatchPut,
    run: async ({ backend, key, limits }) => {
      const { etag } = await backend.save(key(), 'one', { metadata: { n: '1' } });
      const same = (): Promise<unknown> => backend.save(key(), 'two', { ifNoneMatch: etag });
      await unchanged(backend, key(), () => expectCode(same, 'PreconditionFailed'));
      const { partSize } = limits;
      const large = (): Promise<unknown> =>
        backend.save(key(), webStream(pattern(2 * partSize)), { ifNoneMatch: etag, partSize });
      await unchanged(backend, key(), () => expectCode(large, 'PreconditionFailed'));
      await backend.save(key(), 'two', { ifNoneMatch: stale });
      await holds(backend, key(), utf8('two'));
      await backend.save(key(), 'three', { ifNoneMatch: etag });
      await holds(backend, key(), utf8('three'));
    },
    refused: (context) => refusedSave(context, { ifNoneMatch: stale }),
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
  {
    number: 177,
    title: 'A, then B, then A again: a revision etag differs, a content etag is the same, as declared',
    claims: ['etagKind'],
    run: async ({ backend, key, capabilities }) => {
      const { etag: first } = await backend.save(key(), 'A');
      await backend.save(key(), 'B');
      const { etag: third } = await backend.save(key(), 'A');
      if (capabilities.etagKind === 'content') return assert.equal(third, first);
      assert.notEqual(third, first);
      if (!capabilities.ifMatchPut) return;
      const late = (): Promise<unknown> => backend.save(key(), 'C', { ifMatch: first });
      await unchanged(backend, key(), () => expectCode(late, 'PreconditionFailed'));
    },
  },
  {
    number: 178,
    title: 'conditions that are none, or contradict each other, are refused before any request',
    run: async (context) => {
      const { key, capabilities } = context;
      const wrong: SaveOptions[] = [
        { ifMatch: '' },
        { ifMatch: 7 as never },
        { ifMatch: 'a\r\nb' },
        { ifAbsent: 'yes' as never },
        { ifAbsent: true, ifMatch: stale },
        { ifMatch: stale, ifNoneMatch: stale },
        { ifabsent: true } as never,
        { 'if-match': stale } as never,
      ];
      for (const options of wrong) {
        const { backend, faults } = await context.makeFaulty();
        await expectCode(backend.save(key(), 'x', options), 'InvalidArgument', 'Unsupported');
        assert.deepEqual(faults.calls, []);
      }
      if (!capabilities.ifMatchDelete) return;
      await expectEarly(context, 'InvalidArgument', (backend) => backend.delete(key(), { ifMatch: '' }));
    },
  },
  {
    number: 181,
    title: 'the etag of a save, head, read and listing is one string, and works verbatim as a condition',
    run: async ({ backend, key, prefix, limits, capabilities }) => {
      const { partSize } = limits;
      for (const body of ['small', webStream(pattern(2 * partSize + 1))]) {
        const saved = await backend.save(key(), body, { partSize });
        const file = await backend.retrieve(key());
        await file.cancel();
        const [entry] = await backend.listFiles(prefix);
        const etags = [saved.etag, (await headOf(backend, key())).etag, file.etag, entry?.etag ?? ''];
        assert.equal(new Set(etags).size, 1, etags.join(' '));
        for (const etag of etags) {
          await (await backend.retrieve(key(), { ifMatch: etag })).cancel();
          await expectCode(backend.retrieve(key(), { ifNoneMatch: etag }), 'NotModified');
        }
        if (capabilities.ifMatchPut) await backend.save(key(), 'next', { ifMatch: saved.etag });
      }
    },
  },
];
