import assert from 'node:assert/strict';
import { expectRefused, headOf, holds, keysUnder } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { byListOrder, weirdNames } from '../keys.ts';
import { inParallel } from '../parallel.ts';

export const listContent: readonly ConformanceCase[] = [
  {
    number: 94,
    title: 'an empty store, and a prefix that nothing has, list as empty',
    run: async ({ backend, harness, key }) => {
      await harness.reset();
      assert.deepEqual(await backend.listFiles(), []);
      assert.deepEqual(await keysUnder(backend, ''), []);
      assert.deepEqual({ ...(await backend.listPage()) }, { entries: [], prefixes: [] });
      assert.deepEqual({ ...(await backend.listPage({ delimiter: '/' })) }, { entries: [], prefixes: [] });
      await backend.save(key('there'), 'x');
      for (const prefix of [key('none'), key('there/'), key('there0'), key('no/such/folder/')]) {
        assert.deepEqual(await backend.listFiles(prefix), [], prefix);
        assert.deepEqual({ ...(await backend.listPage({ prefix, delimiter: '/' })) }, { entries: [], prefixes: [] });
      }
    },
  },
  {
    number: 95,
    title: 'a new object is in the next list',
    run: async ({ backend, make, key, prefix }) => {
      const other = await make();
      for (const name of ['b', 'a', 'c/d']) {
        await backend.save(key(name), name);
        assert.ok((await keysUnder(backend, prefix)).includes(key(name)));
        assert.ok((await keysUnder(other, prefix)).includes(key(name)), 'through another instance');
      }
      await backend.save(key('a'), 'longer');
      const sizes = (await backend.listFiles(key('a'))).map((entry) => entry.size);
      assert.deepEqual(sizes, [6], 'an overwrite is one entry, of the new size');
    },
  },
  {
    number: 96,
    title: 'a deleted object is not in the next list',
    run: async ({ backend, key, prefix }) => {
      await inParallel(['a', 'b', 'c/d'], (name) => backend.save(key(name), name));
      await backend.delete(key('b'));
      assert.deepEqual(await keysUnder(backend, prefix), [key('a'), key('c/d')]);
      await backend.delete(key('c/d'));
      assert.deepEqual(await keysUnder(backend, prefix), [key('a')]);
    },
  },
  {
    number: 116,
    title: 'odd keys are listed as they were given',
    run: async ({ backend, key, prefix, capabilities }) => {
      await inParallel(weirdNames, (name) => backend.save(key(name), name));
      const expected = weirdNames.map((name) => key(name)).toSorted(byListOrder(capabilities.listOrder));
      assert.deepEqual(await keysUnder(backend, prefix), expected);
      const page = await backend.listPage({ prefix, delimiter: '/' });
      assert.deepEqual(
        page.entries.map((entry) => entry.key),
        expected,
      );
    },
  },
  {
    number: 117,
    title: 'a prefix with odd characters is literal',
    run: async ({ backend, key }) => {
      const prefixes = [
        'a%2F',
        'a+b',
        'a b',
        'emoji-🙀',
        'ü',
        'a&b=c',
        '?x',
        '#',
        'a%',
        "it's",
        '"q"',
        '*',
        '[a]',
        '日本',
        '\\d',
      ];
      const usable = prefixes.filter((name) => !name.includes('\\'));
      await inParallel(usable, (name) => backend.save(key(`${name}/file`), name));
      await inParallel(
        ['a/', 'a', 'x', 'd', 'u'].map((name) => `${name}other`),
        (name) => backend.save(key(name), name),
      );
      for (const name of usable) {
        const expected = usable
          .filter((other) => `${other}/file`.startsWith(name))
          .map((other) => key(`${other}/file`));
        assert.deepEqual((await keysUnder(backend, key(name))).toSorted(), expected.toSorted(), name);
        assert.deepEqual(await keysUnder(backend, key(`${name}/`)), [key(`${name}/file`)], name);
      }
      assert.deepEqual(await keysUnder(backend, key('\\d')), []);
    },
  },
  {
    number: 119,
    title: 'a folder marker of another tool is an object: listed, read and deleted',
    uses: ['plant'],
    run: async ({ backend, harness, key, prefix }) => {
      await harness.plant?.({ kind: 'directory-marker', key: key('marker/') });
      await backend.save(key('marker/file'), 'x');
      assert.deepEqual(await keysUnder(backend, prefix), [key('marker/'), key('marker/file')]);
      const inside = await backend.listPage({ prefix: key('marker/'), delimiter: '/' });
      assert.deepEqual(
        inside.entries.map((entry) => entry.key),
        [key('marker/'), key('marker/file')],
      );
      await holds(backend, key('marker/'), new Uint8Array());
      await backend.delete(key('marker/'));
      assert.deepEqual(await keysUnder(backend, prefix), [key('marker/file')]);
    },
  },
  {
    number: 120,
    title: 'the fields of a list entry equal the head’s',
    run: async ({ backend, key, prefix }) => {
      for (const size of [0, 17, 100_000])
        await backend.save(key(`size-${size}`), pattern(size), { metadata: { a: 'b' } });
      const entries = await backend.listFiles(prefix);
      assert.equal(entries.length, 3);
      for (const entry of entries) {
        const info = await headOf(backend, entry.key);
        assert.equal(entry.size, info.size);
        assert.equal(entry.etag, info.etag, 'etag');
        assert.equal(entry.tier, info.tier, 'tier');
        const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
        assert.equal(seconds(entry.lastModified), seconds(info.lastModified), 'to the second');
        assert.equal(entry.metadata, undefined, 'only where it is asked for');
      }
    },
  },
  {
    number: 124,
    title: 'a listing with metadata has the head’s metadata and content type',
    claims: ['listMetadata'],
    needs: (capabilities) => capabilities.listMetadata !== false,
    run: async ({ backend, key, prefix }) => {
      const metadata = { jobId: '7', 'with-dash': 'ü 日本', empty: '', plain: 'x' };
      await backend.save(key('a'), 'a', { metadata, contentType: 'text/plain' });
      await backend.save(key('b'), 'b');
      for (const entries of [
        await backend.listFiles(prefix, { include: ['metadata'] }),
        (await backend.listPage({ prefix, include: ['metadata'] })).entries,
      ]) {
        assert.deepEqual(
          entries.map((entry) => ({ ...entry.metadata })),
          [metadata, {}],
        );
        assert.deepEqual(
          entries.map((entry) => entry.contentType),
          ['text/plain', 'application/octet-stream'],
        );
      }
    },
    refused: async (context) => {
      const { backend, key, prefix } = context;
      await backend.save(key(), utf8('x'));
      await expectRefused(context, key(), (watched) => watched.listFiles(prefix, { include: ['metadata'] }));
      await expectRefused(context, key(), (watched) => watched.listPage({ prefix, include: ['metadata'] }));
    },
  },
];
