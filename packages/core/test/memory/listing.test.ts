import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ListRequest, StorageDriver } from '../../src/driver.ts';
import { compareUtf8 } from '../../src/driver-kit/compare-keys.ts';
import { context, memory, rejects, save } from './setup.ts';

type Query = Omit<ListRequest, 'limit' | 'cursor'>;

async function listAll(driver: StorageDriver, query: Query, limit: number): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const { startAfter, ...rest } = query;
    const first = startAfter === undefined ? {} : { startAfter };
    const page = await driver.listPage({ ...rest, limit, ...(cursor === undefined ? first : { cursor }) }, context);
    const found = [...page.entries.map((entry) => entry.key), ...page.prefixes].sort(compareUtf8);
    expect(found.length).toBeLessThanOrEqual(limit);
    names.push(...found);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return names;
}

/** The same, said plainly. */
function expected(keys: Iterable<string>, { prefix, delimiter, startAfter = '' }: Query): string[] {
  const names = [...keys]
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
      return end === -1 ? key : key.slice(0, end + 1);
    })
    .filter((name) => compareUtf8(name, startAfter) > 0);
  return [...new Set(names)].sort(compareUtf8);
}

const key = fc.string({
  unit: fc.constantFrom('a', 'b', '-', '.', '/', '0', '\u{1f640}', '\uff5e'),
  minLength: 1,
  maxLength: 6,
});

test('a listing is what sorting and grouping all keys gives, whatever the page size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(key, { maxLength: 30 }),
      fc.record({
        prefix: fc.oneof(fc.constant(''), key),
        delimiter: fc.constantFrom(undefined, '/' as const),
        startAfter: fc.option(key, { nil: undefined }),
      }),
      fc.integer({ min: 1, max: 8 }),
      async (keys, { prefix, delimiter, startAfter }, limit) => {
        const driver = memory({ versions: false });
        for (const each of keys) await save(driver, each, '');
        const query = { prefix, ...(delimiter && { delimiter }), ...(startAfter !== undefined && { startAfter }) };
        expect(await listAll(driver, query, limit)).toEqual(expected(keys, query));
      },
    ),
    { numRuns: 300 },
  );
});

test('a page goes on after its cursor, even when the key of the cursor is gone', async () => {
  const driver = memory();
  for (const each of ['a', 'b', 'c', 'd']) await save(driver, each, '');
  const first = await driver.listPage({ prefix: '', limit: 2 }, context);
  await driver.remove({ key: 'b' }, context);
  await save(driver, 'aa', '');
  const second = await driver.listPage({ prefix: '', limit: 2, cursor: String(first.cursor) }, context);
  expect(second.entries.map((entry) => entry.key)).toEqual(['c', 'd']);
  expect(second.cursor).toBeUndefined();
});

test('a cursor of another query, or of nobody, is InvalidArgument', async () => {
  const driver = memory();
  for (const each of ['a/1', 'a/2', 'b']) await save(driver, each, '');
  const { cursor } = await driver.listPage({ prefix: 'a/', limit: 1 }, context);
  await rejects(driver.listPage({ prefix: '', limit: 1, cursor: String(cursor) }, context), 'InvalidArgument');
  await rejects(
    driver.listPage({ prefix: 'a/', delimiter: '/', limit: 1, cursor: String(cursor) }, context),
    'InvalidArgument',
  );
  for (const foreign of ['', 'x', Buffer.from('{}').toString('base64url')]) {
    await rejects(driver.listPage({ prefix: 'a/', limit: 1, cursor: foreign }, context), 'InvalidArgument');
  }
});

test('an entry says what head says, with metadata where it is asked for', async () => {
  const driver = memory();
  await save(driver, 'a', 'x', { attributes: { headers: { contentType: 'x/y' }, metadata: { m: '1' } } });
  const { size, etag, lastModified, tier } = await driver.head({ key: 'a' }, context);
  const bare = await driver.listPage({ prefix: '', limit: 1 }, context);
  expect(bare.entries).toEqual([{ key: 'a', size, etag, lastModified, tier }]);
  const full = await driver.listPage({ prefix: '', limit: 1, include: ['metadata'] }, context);
  expect(full.entries[0]).toMatchObject({ contentType: 'x/y', metadata: { m: '1' } });
});

test('10,000 keys in any order are saved, listed and deleted in little time', async () => {
  const driver = memory({ versions: false });
  const keys = Array.from({ length: 10_000 }, (_, i) => `k/${String((i * 7919) % 10_000).padStart(5, '0')}`);
  const start = performance.now();
  for (const each of keys) await save(driver, each, '');
  expect(await listAll(driver, { prefix: 'k/' }, 1000)).toEqual([...keys].sort());
  for (const each of keys) await driver.remove({ key: each }, context);
  expect(await listAll(driver, { prefix: '' }, 1000)).toEqual([]);
  // Far above what it takes, far below what a list that is sorted anew for every call would take.
  expect(performance.now() - start).toBeLessThan(5000);
});
