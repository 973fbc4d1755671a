import { describe, expect, test } from 'vitest';
import { fails, info, script, scripted } from '../call/setup.ts';
import { errorOf } from '../transfer/setup.ts';

interface Asked {
  readonly cursor?: string;
  readonly startAfter?: string;
  readonly limit: number;
}

/** A service with so many files, which gives at most `limit` of them at a time. */
function files(count: number): ReturnType<typeof script> {
  const page = ({ cursor, limit }: Asked): object => {
    const start = Number(cursor ?? 0);
    const end = Math.min(start + limit, count);
    const entries = Array.from({ length: end - start }, (_, index) => info(String(start + index)));
    return { entries, prefixes: [], ...(end < count ? { cursor: String(end) } : {}) };
  };
  return script(...Array.from({ length: 50 }, () => page));
}

const requests = (member: { calls: unknown[][] }): Asked[] => member.calls.map(([request]) => request as Asked);

describe('listFiles', () => {
  test.each([0, 1, 1000, 1001, 10_000])('returns all of %i files', async (count) => {
    const { backend } = scripted({ listPage: files(count) });
    expect(await backend.listFiles('p')).toHaveLength(count);
  });

  test('rejects more than 10,000, and names what to do', async () => {
    const listPage = files(30_000);
    const { backend } = scripted({ listPage });
    const error = await errorOf(backend.listFiles('p'));
    expect(error).toMatchObject({ code: 'InvalidArgument' });
    expect(error.message).toMatch(/10,000.*walk/);
    expect(listPage.calls.length).toBeLessThan(12);
  });

  test.each([1, 999, 1500, 20_000])('returns %i where that is the limit, and asks for no more', async (limit) => {
    const listPage = files(30_000);
    const { backend } = scripted({ listPage });
    expect(await backend.listFiles('', { limit })).toHaveLength(limit);
    expect(requests(listPage).reduce((sum, request) => sum + request.limit, 0)).toBe(limit);
  });

  test('goes on over pages that are short or empty', async () => {
    const listPage = script(
      { entries: [], prefixes: [], cursor: '1' },
      { entries: [info('a')], prefixes: [], cursor: '2' },
      { entries: [], prefixes: [] },
    );
    const { backend } = scripted({ listPage });
    expect((await backend.listFiles()).map(({ key }) => key)).toEqual(['a']);
  });

  test('gives startAfter with the first page only', async () => {
    const listPage = files(1500);
    const { backend } = scripted({ listPage });
    await backend.listFiles('', { startAfter: '0' });
    expect(requests(listPage).map(({ startAfter }) => startAfter)).toEqual(['0', undefined]);
  });

  test('truncates times to the second where heads have no more', async () => {
    const { backend } = scripted({ listPage: files(1) }, { capabilities: { lastModifiedPrecision: 'second' } });
    const [entry] = await backend.listFiles();
    expect(entry!.lastModified.getTime() % 1000).toBe(0);
  });

  test('completes entries by a head each where listings carry no metadata, without those that are gone', async () => {
    const head = script(info('0', { metadata: { b: '2' } }), fails('NotFound'), fails('PermissionDenied'));
    const { backend } = scripted({ listPage: files(2), head }, { capabilities: { listMetadata: 'emulated' } });
    const found = await backend.listFiles('', { include: ['metadata'] });
    expect(found.map(({ key, metadata }) => [key, metadata])).toEqual([['0', { b: '2' }]]);
    expect(await errorOf(backend.listFiles('', { include: ['metadata'], limit: 1 }))).toMatchObject({
      code: 'PermissionDenied',
      operation: 'listFiles',
      key: '0',
    });
  });
});

describe('the cursor of a page', () => {
  const query = { prefix: 'p', limit: 2 };

  test('goes on where the page ended, through JSON and a URL', async () => {
    const listPage = files(5);
    const { backend } = scripted({ listPage });
    const first = await backend.listPage({ ...query, startAfter: 'a' });
    expect(first.cursor).toMatch(/^[\w-]+$/);
    const next = await backend.listPage({ ...query, startAfter: 'a', cursor: first.cursor!, limit: 1 });
    expect(next.entries.map(({ key }) => key)).toEqual(['2']);
    expect(requests(listPage)[1]).toEqual({ prefix: 'p', limit: 1, cursor: '2' });
  });

  test.each([{ prefix: 'q' }, { delimiter: '/' as const }, { startAfter: 'a' }, { include: ['metadata'] as const }])(
    'is refused for another query: %o',
    async (change) => {
      const listPage = files(5);
      const { backend } = scripted({ listPage });
      const { cursor } = await backend.listPage(query);
      const error = await errorOf(backend.listPage({ ...query, ...change, cursor: cursor! }));
      expect(error).toMatchObject({ code: 'InvalidArgument', attempts: 0 });
      expect(listPage.calls).toHaveLength(1);
    },
  );

  test.each(['2', 'bnVsbA', 'WyJhIl0', 'W251bGwsbnVsbF0', '*'])('that is none is refused: %s', async (cursor) => {
    const { backend, names } = scripted({});
    expect(await errorOf(backend.listPage({ ...query, cursor }))).toMatchObject({ code: 'InvalidArgument' });
    expect(names()).toEqual([]);
  });

  test('is not there on the last page', async () => {
    const { backend } = scripted({ listPage: files(2) });
    expect(await backend.listPage(query)).not.toHaveProperty('cursor');
  });
});

describe('walk', () => {
  test('asks for a page when it is needed, and no more when it is left', async () => {
    const listPage = files(1000);
    const { backend } = scripted({ listPage });
    const seen: string[] = [];
    for await (const { key } of backend.walk('', { pageSize: 10 })) {
      seen.push(key);
      if (seen.length === 10) break;
    }
    expect(seen).toHaveLength(10);
    expect(listPage.calls).toHaveLength(1);
  });

  test('asks for nothing before it is iterated, and passes all pages', async () => {
    const listPage = files(35);
    const { backend } = scripted({ listPage });
    const walk = backend.walk('', { pageSize: 10 });
    expect(listPage.calls).toHaveLength(0);
    let count = 0;
    for await (const _file of walk) count += 1;
    expect(count).toBe(35);
    expect(listPage.calls).toHaveLength(4);
  });

  test('rejects where a page fails, after those before it', async () => {
    const listPage = script({ entries: [info('a')], prefixes: [], cursor: '1' }, fails('PermissionDenied'));
    const { backend } = scripted({ listPage });
    const walk = backend.walk();
    expect((await walk.next()).value).toMatchObject({ key: 'a' });
    expect(await errorOf(walk.next())).toMatchObject({ code: 'PermissionDenied', operation: 'walk' });
  });
});
