import assert from 'node:assert/strict';
import { expectCode } from '../assertions.ts';
import type { ConformanceCase } from '../case.ts';
import { listed } from '../listing.ts';
import { inParallel } from '../parallel.ts';
import { saveSome } from './list-case.ts';

export const listPosition: readonly ConformanceCase[] = [
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
];
