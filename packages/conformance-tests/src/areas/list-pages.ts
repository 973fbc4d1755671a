import assert from 'node:assert/strict';
import type { FilePage, StorageBackend } from '@storage/core';
import { expectEarly, keysUnder } from '../assertions.ts';
import type { ConformanceCase } from '../case.ts';
import { listed, pagesOf } from '../listing.ts';
import { inParallel } from '../parallel.ts';
import { saveSome } from './list-case.ts';

/** Reads the first page, lets `meanwhile` happen, and reads on: every key, in the order in which it came. */
async function interrupted(
  backend: StorageBackend,
  prefix: string,
  limit: number,
  meanwhile: (first: FilePage) => Promise<unknown>,
): Promise<{ readonly first: readonly string[]; readonly rest: readonly string[] }> {
  const pages = pagesOf(backend, { prefix, limit });
  const first = (await pages.next()).value;
  assert.ok(first, 'there is a first page');
  await meanwhile(first);
  const rest: string[] = [];
  for await (const page of pages) rest.push(...page.entries.map((entry) => entry.key));
  return { first: first.entries.map((entry) => entry.key), rest };
}

export const listPages: readonly ConformanceCase[] = [
  {
    number: 97,
    title: 'every page size gives the same sequence: none twice, none lost',
    run: async (context) => {
      const { backend, prefix } = context;
      const keys = await saveSome(context, 11);
      for (const limit of [1, 2, 3, keys.length - 1, keys.length, keys.length + 1, 1000]) {
        assert.deepEqual((await listed(backend, { prefix, limit })).keys, keys, `pages of ${limit}`);
        const walked: string[] = [];
        for await (const entry of backend.walk(prefix, { pageSize: limit })) walked.push(entry.key);
        assert.deepEqual(walked, keys, `walk by ${limit}`);
        assert.deepEqual(
          (await backend.listFiles(prefix, { limit })).map((entry) => entry.key),
          keys.slice(0, limit),
        );
      }
      assert.deepEqual(
        (await backend.listFiles(prefix)).map((entry) => entry.key),
        keys,
      );
    },
  },
  {
    number: 98,
    title: 'a page never exceeds its limit, and the last one has no cursor',
    run: async (context) => {
      const { backend, prefix } = context;
      const keys = await saveSome(context, 9);
      for (const limit of [1, 2, 4, 9, 10]) {
        const pages: FilePage[] = [];
        for await (const page of pagesOf(backend, { prefix, limit })) pages.push(page);
        assert.equal(pages.at(-1)?.cursor, undefined);
        assert.ok(!('cursor' in (pages.at(-1) ?? {})), 'no cursor, not an empty one');
        assert.equal(pages.flatMap((page) => page.entries).length, keys.length);
      }
      for (const limit of [0, -1, 1.5, Number.NaN, '5' as never]) {
        await expectEarly(context, 'InvalidArgument', (watched) => watched.listPage({ prefix, limit }));
      }
      const huge = await backend.listPage({ prefix, limit: 1_000_000 });
      assert.equal(huge.entries.length, keys.length, 'a large limit is as good as the service’s own');
    },
  },
  {
    number: 99,
    title: 'a key that is inserted before the cursor is not returned, and the rest is as it was',
    run: async (context) => {
      const { backend, prefix, key } = context;
      const keys = await saveSome(context, 8);
      const { first, rest } = await interrupted(backend, prefix, 3, () => backend.save(key('a-early'), 'x'));
      assert.deepEqual([...first, ...rest], keys);
    },
  },
  {
    number: 100,
    title: 'deleting a key that was returned leaves the rest as it was',
    run: async (context) => {
      const { backend, prefix } = context;
      const keys = await saveSome(context, 8);
      const { first, rest } = await interrupted(backend, prefix, 3, (page) =>
        backend.delete(page.entries[0]?.key ?? ''),
      );
      assert.deepEqual([...first, ...rest], keys);
    },
  },
  {
    number: 101,
    title: 'deleting the very key at which a page ended leaves the rest as it was',
    run: async (context) => {
      const { backend, prefix } = context;
      const keys = await saveSome(context, 9);
      for (const limit of [1, 3, 4]) {
        const { first, rest } = await interrupted(backend, prefix, limit, (page) =>
          backend.delete(page.entries.at(-1)?.key ?? ''),
        );
        assert.deepEqual([...first, ...rest], keys, `pages of ${limit}`);
        await backend.save(first.at(-1) ?? '', 'back');
      }
      const all = await interrupted(backend, prefix, 4, (page) =>
        inParallel(page.entries, (entry) => backend.delete(entry.key)),
      );
      assert.deepEqual([...all.first, ...all.rest], keys, 'the whole page deleted');
    },
  },
  {
    number: 102,
    title: 'a key that is inserted after the cursor may appear, and corrupts nothing',
    run: async (context) => {
      const { backend, prefix, key } = context;
      const keys = await saveSome(context, 8);
      const late = [key('d0/k03x'), key('z-late')];
      const { first, rest } = await interrupted(backend, prefix, 3, () =>
        inParallel(late, (name) => backend.save(name, 'x')),
      );
      const seen = [...first, ...rest];
      assert.deepEqual(
        seen.filter((name) => !late.includes(name)),
        keys,
      );
      assert.deepEqual(seen, seen.toSorted(), 'in order');
      assert.equal(new Set(seen).size, seen.length, 'none twice');
    },
  },
  {
    number: 115,
    title: 'a listing that crosses a page of the service is complete and in order',
    claims: ['maxPageSize'],
    timeoutMs: 120_000,
    run: async ({ backend, key, prefix, limits }) => {
      const keys = Array.from({ length: limits.servicePage + 1 }, (_, index) =>
        key(`k${String(index).padStart(6, '0')}`),
      );
      await inParallel(keys, (name) => backend.save(name, ''), 24);
      const page = await backend.listPage({ prefix, limit: limits.servicePage + 10 });
      assert.ok(page.entries.length <= backend.capabilities.maxPageSize, 'no page is larger than claimed');
      assert.deepEqual(await keysUnder(backend, prefix), keys);
      const { keys: all } = await listed(backend, { prefix, limit: backend.capabilities.maxPageSize });
      assert.equal(all.length, keys.length);
      await backend.deletePrefix(prefix);
      assert.deepEqual(await keysUnder(backend, prefix), []);
    },
  },
];
