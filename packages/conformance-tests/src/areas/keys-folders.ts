import assert from 'node:assert/strict';
import { absent, expectCode, headOf, holds, keysUnder, unchanged } from '../assertions.ts';
import { hangingBody, pattern, utf8 } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { byListOrder } from '../keys.ts';
import { during, inParallel } from '../parallel.ts';
import { isNotThere } from './keys-case.ts';

/** Where a backend may keep what belongs to a key, if it let keys reach it. */
function internalNames(key: string): readonly string[] {
  const beside = ['.json', '.meta', '.attrs', '.tmp', '.lock', '%~', '%~/1'].map((suffix) => `${key}${suffix}`);
  const folders = ['data/', 'metadata/', 'versions/', '.staging/', '.storage/', '.minio.sys/'];
  return [...beside, ...folders.flatMap((folder) => [`${folder}${key}`, `${folder}${key}.json`])];
}

/** Two keys of which one is a folder of the other, in this order. */
async function besideOrRefused(
  { backend, prefix, capabilities }: CaseContext,
  first: string,
  second: string,
): Promise<void> {
  const [one, two] = [utf8('one'), utf8('two')];
  await backend.save(first, one, { metadata: { which: 'one' } });
  if (capabilities.keyCanBePrefixOfKey === false) {
    await unchanged(backend, first, () => expectCode(backend.save(second, two), 'KeyConflict'));
    await absent(backend, second);
    assert.deepEqual(await keysUnder(backend, prefix), [first]);
    await backend.delete(first);
    await backend.save(second, two);
    await holds(backend, second, two);
    await backend.delete(second);
    return;
  }
  await backend.save(second, two);
  await holds(backend, first, one);
  await holds(backend, second, two);
  const [shorter, longer] = [first, second].toSorted((a, b) => a.length - b.length) as [string, string];
  const listed = await keysUnder(backend, prefix);
  const visible = capabilities.keyCanBePrefixOfKey === 'hidden' ? [shorter] : [shorter, longer];
  assert.deepEqual(listed, visible);
  await backend.delete(shorter);
  assert.deepEqual(await keysUnder(backend, prefix), [longer], 'the longer key is listed once the shorter is gone');
  await backend.delete(longer);
}

export const keyFolders: readonly ConformanceCase[] = [
  {
    number: 9,
    title: 'a plain nested key goes through every method',
    run: async ({ backend, key, prefix, capabilities }) => {
      const body = utf8('plain');
      await backend.save(key('a/b/c.txt'), body);
      await holds(backend, key('a/b/c.txt'), body);
      assert.equal((await headOf(backend, key('a/b/c.txt'))).size, body.byteLength);
      assert.deepEqual(await keysUnder(backend, prefix), [key('a/b/c.txt')]);
      if (capabilities.copy) {
        await backend.copy(key('a/b/c.txt'), key('d/e.txt'));
        await holds(backend, key('d/e.txt'), body);
        await backend.delete(key('d/e.txt'));
      }
      await backend.delete(key('a/b/c.txt'));
      await absent(backend, key('a/b/c.txt'));
      assert.deepEqual(await keysUnder(backend, prefix), []);
    },
  },
  {
    number: 30,
    title: 'internal names can be neither seen nor read',
    run: async ({ backend, harness, key }) => {
      await harness.reset();
      await backend.save(key('own'), utf8('one'), { metadata: { a: 'b' } });
      await backend.save(key('own'), utf8('two'), { metadata: { a: 'c' } });
      const { body, reached, release } = hangingBody(pattern(1024));
      await during(backend.save(key('unfinished'), body), async () => {
        await reached;
        for (const name of internalNames(key('own'))) assert.ok(await isNotThere(backend, name), name);
        for (const folder of ['data', 'metadata', 'versions', '.staging', '.storage']) {
          assert.deepEqual(await keysUnder(backend, folder), [], folder);
        }
        assert.deepEqual(await keysUnder(backend, ''), [key('own')], 'the whole store lists the one key');
        release();
      });
    },
  },
  {
    number: 34,
    title: 'glob and pattern characters are literal in get, list and delete by prefix',
    run: async (context) => {
      const { backend, key, prefix } = context;
      const globs = ['[a]', '{a,b}', '*', '?', '(a)', '^a', 'a$', 'a*b', 'a.b', '**'];
      const plain = ['a', 'b', 'axb', 'ab'];
      await inParallel([...globs, ...plain], (name) => backend.save(key(name), utf8(name)));
      for (const glob of globs) await holds(backend, key(glob), utf8(glob));
      for (const glob of ['[a]', '?', '(a)', '^a', 'a$', '{a']) {
        assert.deepEqual(
          await keysUnder(backend, key(glob)),
          globs.filter((name) => name.startsWith(glob)).map((name) => key(name)),
        );
      }
      for (const glob of ['[a]', 'a*', '?', '*']) await backend.deletePrefix(key(glob));
      const gone = ['[a]', 'a*b', '?', '*', '**'];
      const left = [...globs, ...plain].filter((name) => !gone.includes(name)).map((name) => key(name));
      assert.deepEqual(await keysUnder(backend, prefix), left.toSorted(byListOrder('utf8')));
    },
  },
  {
    number: 35,
    title: 'a key, then a key under it: kept, refused or hidden, as declared',
    claims: ['keyCanBePrefixOfKey'],
    run: (context) => besideOrRefused(context, context.key('a'), context.key('a/b')),
  },
  {
    number: 36,
    title: 'a key, then a key that is its folder: kept, or refused with KeyConflict and the first intact',
    claims: ['keyCanBePrefixOfKey'],
    run: async (context) => {
      await besideOrRefused(context, context.key('a/b'), context.key('a'));
      await besideOrRefused(context, context.key('x/y/z'), context.key('x'));
      await besideOrRefused(context, context.key('p'), context.key('p/q/r'));
    },
  },
];
