import assert from 'node:assert/strict';
import { keysUnder } from '../assertions.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { byListOrder, randomNames } from '../keys.ts';
import { listed, split } from '../listing.ts';
import { inParallel } from '../parallel.ts';

/** Saves names and asserts that every page size lists them in the declared order, flat and by folders. */
async function inOrder(context: CaseContext, names: readonly string[], limits: readonly number[]): Promise<void> {
  const { backend, key, prefix, capabilities } = context;
  const compare = byListOrder(capabilities.listOrder);
  await inParallel(names, (name) => backend.save(key(name), name));
  const keys = names.map((name) => key(name)).toSorted(compare);
  const folders = split(keys, prefix);
  for (const limit of limits) {
    assert.deepEqual((await listed(backend, { prefix, limit })).keys, keys, `flat, pages of ${limit}`);
    const byFolder = await listed(backend, { prefix, delimiter: '/', limit });
    assert.deepEqual(byFolder.keys, folders.keys, `keys by delimiter, pages of ${limit}`);
    assert.deepEqual(byFolder.prefixes, folders.prefixes.toSorted(compare), `prefixes by delimiter, pages of ${limit}`);
  }
}

/** Without the keys that are a folder of another one, where a service cannot keep or list both. */
function compatible({ capabilities }: CaseContext, names: readonly string[]): readonly string[] {
  if (capabilities.keyCanBePrefixOfKey === true) return names;
  return names.filter((name) => !names.some((other) => other.startsWith(`${name}/`)));
}

export const listOrder: readonly ConformanceCase[] = [
  {
    number: 103,
    title: 'order is ascending by the declared collation, across pages',
    claims: ['listOrder'],
    run: (context) => inOrder(context, randomNames(40, 103), [1, 3, 39, 40, 1000]),
  },
  {
    number: 104,
    title: 'order trap: characters below and above the slash beside folders, at every page size',
    claims: ['listOrder'],
    run: async (context) => {
      const names = compatible(context, ['a-b', 'a.b', 'a/1', 'a/2', 'a0', 'a', 'a!', 'B/1', 'a/1.x', 'a b']);
      await inOrder(context, names, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    },
  },
  {
    number: 105,
    title: 'order trap: characters whose UTF-8 and UTF-16 orders differ',
    claims: ['listOrder'],
    run: async (context) => {
      const flat = ['\u{1F640}', '\uFF5E', '\uFFFD', '\u{10000}', 'x\u{1F640}', 'x\uFF5E', 'z', 'é'];
      await inOrder(context, compatible(context, [...flat, '\u{1F640}/1', '\uFF5E/1']), [1, 2, 3, 100]);
    },
  },
  {
    number: 106,
    title: 'a delimiter splits objects and common prefixes right, each prefix once, across pages',
    run: async (context) => {
      const { backend, key } = context;
      const names = ['a/1', 'a/2', 'a/3', 'b', 'c/d/1', 'c/d/2', 'c/e', 'c.x', 'd', 'e/f/g/h', 'z'];
      await inOrder(context, names, [1, 2, 3, 4, 5, 1000]);
      const keys = names.map((name) => key(name));
      for (const inner of ['c/', 'c/d/', 'e/', 'e/f/', 'a', 'c', 'b', 'c/d']) {
        for (const limit of [1, 2, 100]) {
          assert.deepEqual(
            await listed(backend, { prefix: key(inner), delimiter: '/', limit }),
            split(keys, key(inner)),
            inner,
          );
        }
      }
    },
  },
  {
    number: 107,
    title: 'order trap: `t-/` and `t/` with a delimiter, page sizes 1 to 10',
    run: async (context) => {
      const names = ['t/1', 't/2', 't-/1', 't-/2', 't.x', 't0/1', 't-x', 't!/1', 't-'];
      await inOrder(context, compatible(context, names), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    },
  },
  {
    number: 108,
    title: 'a prefix may end inside a segment',
    run: async ({ backend, key }) => {
      const names = ['fo', 'foo/1', 'foo/2', 'fob/1', 'fox', 'f/1', 'go'];
      await inParallel(names, (name) => backend.save(key(name), name));
      for (const limit of [1, 2, 100]) {
        const flat = await listed(backend, { prefix: key('fo'), limit });
        assert.deepEqual(
          flat.keys,
          ['fo', 'fob/1', 'foo/1', 'foo/2', 'fox'].map((name) => key(name)),
        );
        const folders = await listed(backend, { prefix: key('fo'), delimiter: '/', limit });
        assert.deepEqual(folders, { keys: [key('fo'), key('fox')], prefixes: [key('fob/'), key('foo/')] });
      }
    },
  },
  {
    number: 109,
    title: 'a prefix that is a key lists that key, and what begins with it',
    run: async ({ backend, key }) => {
      await inParallel(['foo', 'foo.bar', 'foobar/x', 'fo', 'fop'], (name) => backend.save(key(name), name));
      assert.deepEqual(
        await keysUnder(backend, key('foo')),
        ['foo', 'foo.bar', 'foobar/x'].map((name) => key(name)),
      );
      assert.deepEqual(await keysUnder(backend, key('foo.bar')), [key('foo.bar')]);
      assert.deepEqual(await keysUnder(backend, key('foo/')), []);
      const page = await backend.listPage({ prefix: key('foo'), delimiter: '/' });
      assert.deepEqual(
        page.entries.map((entry) => entry.key),
        [key('foo'), key('foo.bar')],
      );
      assert.deepEqual(page.prefixes, [key('foobar/')]);
    },
  },
  {
    number: 110,
    title: 'the prefix `foo` does not lose `foo.bar/…` or `foo bar/…`',
    run: async ({ backend, key }) => {
      const names = ['foo bar/1', 'foo-bar/1', 'foo.bar/1', 'foo/1', 'foo0/1', 'foo_/1'];
      await inParallel(names, (name) => backend.save(key(name), name));
      for (const limit of [1, 2, 4, 100]) {
        assert.deepEqual(
          (await listed(backend, { prefix: key('foo'), limit })).keys,
          names.map((name) => key(name)),
        );
        const folders = await listed(backend, { prefix: key('foo'), delimiter: '/', limit });
        assert.deepEqual(
          folders.prefixes,
          names.map((name) => key(name.slice(0, -1))),
        );
      }
    },
  },
  {
    number: 111,
    title: 'a common prefix is gone with its last object',
    run: async ({ backend, key, prefix }) => {
      await inParallel(['a/b/c/1', 'a/b/c/2', 'a/x'], (name) => backend.save(key(name), name));
      const prefixesOf = async (inner: string): Promise<readonly string[]> =>
        (await backend.listPage({ prefix: key(inner), delimiter: '/' })).prefixes.map((name) =>
          name.slice(prefix.length),
        );
      assert.deepEqual(await prefixesOf('a/b/'), ['a/b/c/']);
      await backend.delete(key('a/b/c/1'));
      assert.deepEqual(await prefixesOf('a/'), ['a/b/'], 'there is one left');
      await backend.delete(key('a/b/c/2'));
      assert.deepEqual(await prefixesOf('a/'), [], 'no ghost of a folder');
      assert.deepEqual(await prefixesOf(''), ['a/']);
      await backend.delete(key('a/x'));
      assert.deepEqual(await prefixesOf(''), []);
    },
  },
];
