import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Capabilities } from '../../src/capabilities.ts';
import { isStorageError } from '../../src/errors/storage-error.ts';
import { prefixed } from '../../src/layers/prefixed.ts';
import { context, keysOf, memory, save, text } from '../memory/setup.ts';
import { type Asked, everything, memberAt, memberPaths, stub } from './setup.ts';

const keyed = { key: 'a', other: 1 };
const keyedBelow = { key: 'p/a', other: 1 };

/** What each member is asked above, what it is asked below, what it answers there, and what comes out. */
const mappings: Record<string, { above: unknown; below?: unknown; answer?: unknown; out?: unknown }> = {
  open: { above: 'context' },
  check: { above: 'context' },
  close: { above: undefined },
  createBucket: { above: 'context' },
  state: { above: 'context', answer: { versioning: 'on' } },
  native: { above: undefined, answer: 'client' },
  exists: { above: keyed, below: keyedBelow, answer: true },
  head: { above: keyed, below: keyedBelow, answer: keyedBelow, out: keyed },
  get: {
    above: keyed,
    below: keyedBelow,
    answer: { info: keyedBelow, range: 'r', body: 'b' },
    out: { info: keyed, range: 'r', body: 'b' },
  },
  put: { above: keyed, below: keyedBelow, answer: { etag: 'e' } },
  remove: { above: keyed, below: keyedBelow, answer: { existed: true } },
  listPage: {
    above: { prefix: 'x', startAfter: 'xa', cursor: 'c', limit: 5, delimiter: '/' },
    below: { prefix: 'p/x', startAfter: 'p/xa', cursor: 'c', limit: 5, delimiter: '/' },
    answer: { entries: [{ key: 'p/' }, keyedBelow], prefixes: ['p/x/'], cursor: 'd' },
    out: { entries: [keyed], prefixes: ['x/'], cursor: 'd' },
  },
  copy: {
    above: { source: { key: 's', ifMatch: 'e' }, key: 'a', sourceInfo: { key: 's', size: 1 } },
    below: { source: { key: 'p/s', ifMatch: 'e' }, key: 'p/a', sourceInfo: { key: 'p/s', size: 1 } },
    answer: { etag: 'e' },
  },
  move: {
    above: { source: { key: 's' }, key: 'a' },
    below: { source: { key: 'p/s' }, key: 'p/a' },
    answer: { etag: 'e' },
  },
  removeMany: { above: { keys: ['a', 'b'] }, below: { keys: ['p/a', 'p/b'] }, answer: [{ existed: true }] },
  setMetadata: { above: keyed, below: keyedBelow, answer: keyedBelow, out: keyed },
  sign: { above: keyed, below: keyedBelow, answer: { url: 'u' } },
  signForm: { above: keyed, below: keyedBelow, answer: { url: 'u' } },
  'multipart.create': { above: keyed, below: keyedBelow, answer: { uploadId: 'u' } },
  'multipart.putPart': { above: keyed, below: keyedBelow, answer: { partNumber: 1 } },
  'multipart.complete': { above: keyed, below: keyedBelow, answer: { etag: 'e' } },
  'multipart.abort': { above: keyed, below: keyedBelow },
  'multipart.listParts': { above: keyed, below: keyedBelow, answer: { parts: [] } },
  'multipart.listIncomplete': {
    above: { key: 'a', cursor: 'c' },
    below: { key: 'p/a', cursor: 'c' },
    answer: { uploads: [{ key: 'q/a' }, { key: 'p/' }, keyedBelow], cursor: 'd' },
    out: { uploads: [keyed], cursor: 'd' },
  },
  'versions.list': {
    above: keyed,
    below: keyedBelow,
    answer: { versions: [keyedBelow], cursor: 'd' },
    out: { versions: [keyed], cursor: 'd' },
  },
  'versions.restore': { above: keyed, below: keyedBelow, answer: { etag: 'e' } },
  'versions.undelete': { above: keyed, below: keyedBelow, answer: { etag: 'e' } },
  'tiers.set': { above: keyed, below: keyedBelow, answer: keyedBelow, out: keyed },
  'tiers.restore': { above: keyed, below: keyedBelow, answer: keyedBelow, out: keyed },
  'tags.get': { above: keyed, below: keyedBelow, answer: { t: '1' } },
  'tags.set': { above: keyed, below: keyedBelow },
};

describe('every member maps its keys, in and out', () => {
  test('none is missing here', () => {
    expect(Object.keys(mappings).sort()).toEqual([...memberPaths].sort());
  });

  test.each(Object.entries(mappings))('%s', async (path, { above, below = above, answer, out = answer }) => {
    const asked: Asked[] = [];
    const view = prefixed('p/')(stub(asked, answer));
    expect(await memberAt(view, path)?.(above, 'context')).toEqual(out);
    expect(asked.map(([member, request]) => [member, request])).toEqual([[path, below]]);
  });
});

test('a listing of uploads of all keys stays one', async () => {
  const asked: Asked[] = [];
  await prefixed('p/')(stub(asked, { uploads: [] })).multipart?.listIncomplete?.({}, context);
  expect(asked).toEqual([['multipart.listIncomplete', {}, context]]);
});

test('it claims what the driver below claims, with less room for keys', () => {
  const view = prefixed('é/')(stub([], undefined));
  const expected: Capabilities = { ...everything, maxKeyBytes: everything.maxKeyBytes - 3 };
  expect(view.capabilities).toEqual(expected);
  expect(Object.isFrozen(view.capabilities)).toBe(true);
});

test('two views do not see each other, and the bucket sees both', async () => {
  const bucket = memory();
  const [one, two] = [prefixed('one/')(bucket), prefixed('two/')(bucket)];
  await save(one, 'a', '1');
  await save(two, 'a', '2');
  await save(bucket, 'a', '0');
  await save(bucket, 'one/', 'a folder marker');
  expect(await keysOf(one)).toEqual(['a']);
  expect(await text(one, 'a')).toBe('1');
  expect(await text(two, 'a')).toBe('2');
  expect(await keysOf(bucket)).toEqual(['a', 'one/', 'one/a', 'two/a']);
});

test('pages of a view are pages of the keys below it', async () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\u{1f640}', '\uff5e'), minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 12 }),
      key,
      fc.integer({ min: 1, max: 4 }),
      async (keys, startAfter, limit) => {
        const [alone, bucket] = [memory(), memory()];
        const view = prefixed('p/q/')(bucket);
        for (const each of keys) {
          await save(alone, each, '');
          await save(view, each, '');
          await save(bucket, each, '');
        }
        const names = async (driver: typeof view): Promise<string[]> => {
          const all: string[] = [];
          let page = await driver.listPage({ prefix: '', delimiter: '/', startAfter, limit }, context);
          for (;;) {
            all.push(...page.entries.map((entry) => entry.key), ...page.prefixes);
            if (page.cursor === undefined) return all;
            page = await driver.listPage({ prefix: '', delimiter: '/', cursor: page.cursor, limit }, context);
          }
        };
        expect(await names(view)).toEqual(await names(alone));
      },
    ),
  );
});

test.each([
  ['', /must end with/],
  ['tenant', /must end with/],
  ['/', /must be a key/],
  ['/tenant/', /must be a key/],
  ['tenant//', /must be a key/],
  ['../', /must be a key/],
  ['a\u0000/', /must be a key/],
  ['a/'.repeat(600), /must be a key/],
  [7, /must be a string/],
])('the prefix %j is refused', (prefix, why) => {
  let thrown: unknown;
  try {
    prefixed(prefix as string);
  } catch (error) {
    thrown = error;
  }
  expect(isStorageError(thrown) && thrown.code).toBe('InvalidArgument');
  expect(String(thrown)).toMatch(why);
});

test('a prefix that leaves no room for keys is refused', () => {
  const view = prefixed('tenant/');
  expect(() => view(stub([], undefined, { ...everything, maxKeyBytes: 7 }))).toThrow(/no room for keys/);
});
