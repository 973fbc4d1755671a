import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareUtf8, type FileEntry } from '@storage/core/driver';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { context, driverAt, putText } from '../driver.ts';
import { temporaryFolder } from '../store.ts';

let basePath = '';
let driver: ReturnType<typeof driverAt>;

beforeEach(async () => {
  basePath = join(await temporaryFolder(), 'store');
  driver = driverAt(basePath, { versions: undefined });
  await driver.open(context());
});

interface Query {
  readonly prefix?: string;
  readonly delimiter?: '/';
  readonly startAfter?: string;
}

/** All pages of a query. `isForgetful`: each page is asked of another instance, which has nothing to go on but the cursor. */
async function listAll(query: Query, limit: number, isForgetful = false): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { startAfter, ...rest } = query;
    const from = cursor === undefined ? startAfter !== undefined && { startAfter } : { cursor };
    const asked = isForgetful ? driverAt(basePath) : driver;
    const page = await asked.listPage({ prefix: '', ...rest, ...from, limit }, context());
    expect(page.entries.length + page.prefixes.length).toBeLessThanOrEqual(limit);
    found.push(...[...page.entries.map((entry: FileEntry) => entry.key), ...page.prefixes].sort(compareUtf8));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/** What a listing of `keys` must find. */
function expected(keys: readonly string[], { prefix = '', delimiter, startAfter }: Query): string[] {
  const found = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    const item = end === -1 ? key : key.slice(0, end + 1);
    if (startAfter === undefined || compareUtf8(item, startAfter) > 0) found.add(item);
  }
  return [...found].sort(compareUtf8);
}

const long = 'long '.repeat(60);
const keys = [
  'a-b',
  'a.b',
  'a/1',
  'a/2/x',
  'a/2/y/z',
  'a0',
  'b',
  'c/\u{1F640}',
  'c/\uFF5E',
  'c/100%',
  'c/con',
  `c/${long}`,
  `d/${long}/e`,
  `d/${long}.json/e`,
  'é',
  'z z',
];

describe('whatever is asked for', () => {
  beforeEach(async () => {
    for (const key of keys) await putText(driver, key, 'x');
  });

  const queries = fc.record({
    prefix: fc.constantFrom('', 'a', 'a/', 'a/2', 'a/2/', 'c/', 'c/l', 'd/', `d/${long}`, `d/${long}/`, 'none', 'é'),
    delimiter: fc.constantFrom(undefined, '/' as const),
    startAfter: fc.constantFrom(
      undefined,
      '',
      'a',
      'a/',
      'a/1',
      'a/2/',
      'a/2/x',
      'a/z',
      'c/',
      'c/\uFF5E',
      'd/',
      'zz',
      ...keys,
    ),
  });

  test.each([false, true])(
    'every key is found once, in order, by pages of any size (each from another instance: %s)',
    {
      timeout: 120_000,
    },
    async (isForgetful) => {
      await fc.assert(
        fc.asyncProperty(queries, fc.integer({ min: 1, max: 20 }), async ({ prefix, delimiter, startAfter }, limit) => {
          const query = { prefix, ...(delimiter && { delimiter }), ...(startAfter !== undefined && { startAfter }) };
          expect(await listAll(query, limit, isForgetful)).toEqual(expected(keys, query));
        }),
        { numRuns: 150 },
      );
    },
  );
});

describe('while a listing is on its way', () => {
  beforeEach(async () => {
    for (let n = 0; n < 20; n++) await putText(driver, `${String(n % 4)}/${String(n).padStart(2, '0')}`, 'x');
  });

  test('files and folders may vanish', async () => {
    const first = await driver.listPage({ prefix: '', limit: 2 }, context());
    await rm(join(basePath, 'data/0/08'));
    await rm(join(basePath, 'data/2'), { recursive: true });
    const rest = await driver.listPage({ prefix: '', limit: 100, cursor: first.cursor ?? '' }, context());
    const found = [...first.entries, ...rest.entries].map(({ key }) => key);
    expect(found).toEqual([
      '0/00',
      '0/04',
      '0/12',
      '0/16',
      ...['01', '05', '09', '13', '17'].map((n) => `1/${n}`),
      ...['03', '07', '11', '15', '19'].map((n) => `3/${n}`),
    ]);
  });

  test('a folder may become a file', async () => {
    const first = await driver.listPage({ prefix: '', limit: 1 }, context());
    await rm(join(basePath, 'data/2'), { recursive: true });
    await writeFile(join(basePath, 'data/2'), 'x');
    const rest = await driver.listPage({ prefix: '', limit: 100, cursor: first.cursor ?? '' }, context());
    expect(rest.entries.some(({ key }) => key.startsWith('2/'))).toBe(false);
  });

  test('the same cursor can be used again', async () => {
    const { cursor = '' } = await driver.listPage({ prefix: '', limit: 3 }, context());
    const once = await driver.listPage({ prefix: '', limit: 3, cursor }, context());
    const twice = await driver.listPage({ prefix: '', limit: 3, cursor }, context());
    expect(twice).toEqual(once);
  });

  test('a cursor of another query, or of nobody, is refused', async () => {
    const { cursor = '' } = await driver.listPage({ prefix: '', limit: 3 }, context());
    for (const request of [
      { prefix: '1', cursor },
      { prefix: '', delimiter: '/' as const, cursor },
      { prefix: '', cursor: 'x' },
    ]) {
      const failure = await driver
        .listPage({ limit: 3, ...request }, context())
        .catch((error: unknown) => driver.classify(error));
      expect(failure).toMatchObject({ code: 'InvalidArgument' });
    }
  });
});

test('folders without files are neither listed nor prefixes', async () => {
  await mkdir(join(basePath, 'data/empty/deep'), { recursive: true });
  await putText(driver, 'full/deep/file', 'x');
  expect(await listAll({ delimiter: '/' }, 10)).toEqual(['full/']);
  expect(await listAll({}, 10)).toEqual(['full/deep/file']);
});

test('a key where nothing but empty folders are can be written', async () => {
  await mkdir(join(basePath, 'data/key/deep'), { recursive: true });
  await putText(driver, 'key', 'x');
  expect(await listAll({}, 10)).toEqual(['key']);
});
