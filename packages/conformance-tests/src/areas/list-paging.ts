import assert from 'node:assert/strict';
import type { FilePage, StorageBackend } from '@storage/core';
import { expectCode, expectEarly, keysUnder } from '../assertions.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { listed, pagesOf } from '../listing.ts';
import { inParallel } from '../parallel.ts';

/** Saves some keys whose order is plain, in several folders, and returns them in order. */
async function saveSome({ backend, key }: CaseContext, howMany: number): Promise<readonly string[]> {
  const keys = Array.from({ length: howMany }, (_, index) =>
    key(`d${Math.floor(index / 4)}/k${String(index).padStart(2, '0')}`),
  );
  await inParallel(keys, (name) => backend.save(name, name));
  return keys.toSorted();
}

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

export const listPaging: readonly ConformanceCase[] = [
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
    number: 112,
    title: 'startAfter is exclusive: an existing key, a missing one, the last one, with and without prefix',
    claims: ['startAfter'],
    run: async (context) => {
      const { backend, prefix, key } = context;
      const keys = await saveSome(context, 9);
      const [last = ''] = keys.slice(-1);
      const after = (startAfter: string): readonly string[] => keys.filter((name) => name > startAfter);
      for (const startAfter of [...keys, key('d0/k01x'), key('d1'), key('d1/'), key('d'), `${last}0`, '']) {
        for (const limit of [1, 2, 1000]) {
          const { keys: seen } = await listed(backend, { prefix, startAfter, limit });
          assert.deepEqual(seen, after(startAfter), `after ${startAfter} by ${limit}`);
        }
        assert.deepEqual(
          (await backend.listFiles(prefix, { startAfter })).map((entry) => entry.key),
          after(startAfter),
        );
        const everywhere = await backend.listFiles('', {
          startAfter: startAfter === '' ? prefix : startAfter,
          limit: 3,
        });
        const own = everywhere.map((entry) => entry.key).filter((name) => name.startsWith(prefix));
        assert.deepEqual(own, after(startAfter === '' ? prefix : startAfter).slice(0, 3), 'without prefix');
      }
    },
  },
  {
    number: 113,
    title: 'startAfter outside the prefix: below it gives all, above it gives none',
    claims: ['startAfter'],
    run: async ({ backend, key }) => {
      await inParallel(['a/x', 'm/1', 'm/2', 'm/3', 'z/x'], (name) => backend.save(key(name), name));
      const inside = ['m/1', 'm/2', 'm/3'].map((name) => key(name));
      for (const limit of [1, 2, 100]) {
        const seen = async (startAfter: string, delimiter?: '/'): Promise<readonly string[]> =>
          (await listed(backend, { prefix: key('m/'), startAfter, limit, delimiter })).keys;
        for (const below of [key('a/x'), key('a'), key('m'), key('l/zzz'), '!']) {
          assert.deepEqual(await seen(below), inside, `${below} by ${limit}`);
          assert.deepEqual(await seen(below, '/'), inside, `${below} by ${limit} with a delimiter`);
        }
        for (const above of [key('m0'), key('z/x'), key('m/4'), '~~~']) {
          assert.deepEqual(await seen(above), [], `${above} by ${limit}`);
          assert.deepEqual(await seen(above, '/'), [], `${above} by ${limit} with a delimiter`);
        }
      }
    },
  },
  {
    number: 112,
    title: 'startAfter with a delimiter passes keys and prefixes that are not after it',
    claims: ['startAfter'],
    run: async ({ backend, key, prefix }) => {
      await inParallel(['a', 'b/1', 'b/2', 'c', 'd/1', 'e'], (name) => backend.save(key(name), name));
      const seen = async (startAfter: string, limit: number): Promise<readonly string[]> => {
        const { keys, prefixes } = await listed(backend, {
          prefix,
          startAfter: key(startAfter),
          delimiter: '/',
          limit,
        });
        return [...keys, ...prefixes].map((name) => name.slice(prefix.length)).toSorted();
      };
      for (const limit of [1, 2, 100]) {
        assert.deepEqual(await seen('a', limit), ['b/', 'c', 'd/', 'e'], `a by ${limit}`);
        assert.deepEqual(await seen('b/', limit), ['c', 'd/', 'e'], `b/ by ${limit}`);
        assert.deepEqual(await seen('b/1', limit), ['c', 'd/', 'e'], `b/1 by ${limit}`);
        assert.deepEqual(await seen('c', limit), ['d/', 'e'], `c by ${limit}`);
        assert.deepEqual(await seen('e', limit), [], `e by ${limit}`);
      }
    },
  },
  {
    number: 114,
    title: 'a cursor is a string that survives JSON and works in another instance',
    run: async (context) => {
      const { backend, make, prefix } = context;
      const keys = await saveSome(context, 7);
      const first = await backend.listPage({ prefix, limit: 3 });
      const cursor = (JSON.parse(JSON.stringify({ cursor: first.cursor })) as { cursor: string }).cursor;
      assert.equal(typeof cursor, 'string');
      for (const reader of [backend, await make()]) {
        const second = await reader.listPage({ prefix, limit: 2, cursor });
        assert.deepEqual(
          second.entries.map((entry) => entry.key),
          keys.slice(3, 5),
          'the limit may change',
        );
      }
    },
  },
  {
    number: 114,
    title: 'a cursor that is foreign, damaged or of another query is InvalidArgument',
    run: async (context) => {
      const { backend, prefix, key } = context;
      await saveSome(context, 7);
      const { cursor = '' } = await backend.listPage({ prefix, limit: 3 });
      for (const wrong of [
        '',
        'garbage',
        '0',
        cursor.slice(1),
        Buffer.from('["a","b"]').toString('base64url'),
        7 as never,
      ]) {
        await expectCode(backend.listPage({ prefix, cursor: wrong }), 'InvalidArgument');
      }
      await expectCode(backend.listPage({ prefix: key('d1'), cursor }), 'InvalidArgument');
      await expectCode(backend.listPage({ cursor }), 'InvalidArgument');
      await expectCode(backend.listPage({ prefix, delimiter: '/', cursor }), 'InvalidArgument');
      await expectCode(backend.listPage({ prefix, startAfter: key('d0'), cursor }), 'InvalidArgument');
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
