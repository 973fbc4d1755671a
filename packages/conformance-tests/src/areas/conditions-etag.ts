import assert from 'node:assert/strict';
import type { SaveOptions } from '@storage/core';
import { expectCode, expectEarly, headOf, holds, unchanged } from '../assertions.ts';
import { pattern, utf8, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { refusedSave, stale } from './conditions-case.ts';

export const etags: readonly ConformanceCase[] = [
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
    number: 177,
    title: 'A, then B, then A again: a revision etag differs, a content etag is the same, as declared',
    claims: ['etagKind'],
    run: async ({ backend, key, capabilities }) => {
      const { etag: first } = await backend.save(key(), 'A');
      await backend.save(key(), 'B');
      const { etag: third } = await backend.save(key(), 'A');
      if (capabilities.etagKind === 'content') {
        assert.equal(third, first);
        return;
      }
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
