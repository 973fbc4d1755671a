import type { FileEntry } from '@storage/core';
import type { ListRequest, ListResponse, StorageDriver } from '@storage/core/driver';
import { compareUtf16, overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

type ListPage = StorageDriver['listPage'];

/** A driver whose `listPage` is replaced. */
function withList(
  change: (list: ListPage, driver: StorageDriver) => ListPage,
): (driver: StorageDriver) => StorageDriver {
  return (driver) => overDriver(driver, { listPage: change(driver.listPage.bind(driver), driver) });
}

/** A listing of its own over all keys, in an order of its own; its cursor is a position. */
function ordered(compare: (a: string, b: string) => number): (driver: StorageDriver) => StorageDriver {
  return withList((list) => async (request, context) => {
    const { limit, cursor, ...query } = request;
    if (query.delimiter !== undefined) return list(request, context);
    const all: FileEntry[] = [];
    let next: string | undefined;
    do {
      const page: ListResponse = await list(
        { ...query, limit: 1000, ...(next === undefined ? {} : { cursor: next }) },
        context,
      );
      all.push(...page.entries);
      next = page.cursor;
    } while (next !== undefined);
    all.sort((a, b) => compare(a.key, b.key));
    const start = cursor === undefined ? 0 : Number(cursor);
    const entries = all.slice(start, start + limit);
    const end = start + entries.length;
    return { entries, prefixes: [], ...(end < all.length ? { cursor: String(end) } : {}) };
  });
}

/** As a walk of directories gives it: `a/1` before `a-b`. */
function walkOrder(a: string, b: string): number {
  return compareUtf16(a.replaceAll('/', '\u0000'), b.replaceAll('/', '\u0000'));
}

/** The last key of a page, for cursors that are made of keys. */
function lastOf({ entries, prefixes }: ListResponse): string {
  return [entries.at(-1)?.key ?? '', prefixes.at(-1) ?? ''].sort(compareUtf16).at(-1) ?? '';
}

/** Drivers that break promises of listings. */
export const brokenLists: readonly BrokenDriver[] = [
  { name: 'lists in UTF-16 order and claims utf8', caughtBy: '105', layer: ordered(compareUtf16) },
  { name: 'lists in the order of a directory walk', caughtBy: '104', layer: ordered(walkOrder) },
  { name: 'lists in descending order', caughtBy: '103', layer: ordered((a, b) => compareUtf16(b, a)) },
  {
    name: 'gives the last key of a page again on the next',
    caughtBy: '97',
    layer: withList((list) => {
      const last = new Map<string, FileEntry>();
      return async (request, context) => {
        const page = await list(request, context);
        const again = request.cursor === undefined ? undefined : last.get(request.cursor);
        const end = page.entries.at(-1);
        if (page.cursor !== undefined && end !== undefined) last.set(page.cursor, end);
        return again === undefined ? page : { ...page, entries: [again, ...page.entries] };
      };
    }),
  },
  {
    name: 'loses a key at the end of each page',
    caughtBy: '97',
    layer: withList((list) => async (request, context) => {
      const page = await list(request, context);
      return page.cursor === undefined ? page : { ...page, entries: page.entries.slice(0, -1) };
    }),
  },
  {
    name: 'gives more than was asked for',
    caughtBy: '98',
    layer: withList((list) => (request, context) => list({ ...request, limit: request.limit + 1 }, context)),
  },
  {
    name: 'ignores startAfter',
    caughtBy: '112',
    layer: withList(
      (list) =>
        ({ startAfter: _dropped, ...request }, context) =>
          list(request, context),
    ),
  },
  {
    name: 'takes startAfter as inclusive',
    caughtBy: '112',
    layer: withList((list, driver) => async (request, context) => {
      const page = await list(request, context);
      const { startAfter, cursor, delimiter, prefix } = request;
      if (startAfter === undefined || cursor !== undefined || delimiter !== undefined || !startAfter.startsWith(prefix))
        return page;
      const info = await driver.head({ key: startAfter }, context).catch(() => undefined);
      if (info === undefined) return page;
      const { key, size, etag, lastModified } = info;
      return { ...page, entries: [{ key, size, etag, lastModified }, ...page.entries].slice(0, request.limit) };
    }),
  },
  { name: 'keeps prefixes whose objects are gone', caughtBy: '111', layer: ghostPrefixes },
  {
    name: 'takes the prefix as a folder',
    caughtBy: '108',
    layer: withList((list) => async (request, context) => {
      const { prefix } = request;
      if (prefix === '' || prefix.endsWith('/')) return list(request, context);
      const page = await list(request, context);
      const inside = (name: string): boolean => name === prefix || name.startsWith(`${prefix}/`);
      return {
        ...page,
        entries: page.entries.filter(({ key }) => inside(key)),
        prefixes: page.prefixes.filter(inside),
      };
    }),
  },
  {
    name: 'lists one page and no more',
    caughtBy: '244',
    layer: withList((list) => async (request, context) => {
      const { cursor: _dropped, ...page } = await list(request, context);
      return page;
    }),
  },
  {
    name: 'repeats a common prefix on the next page',
    caughtBy: '106',
    layer: withList((list) => {
      const seen = new Map<string, string>();
      return async (request, context) => {
        const page = await list(request, context);
        const again = request.cursor === undefined ? undefined : seen.get(request.cursor);
        const end = page.prefixes.at(-1);
        if (page.cursor !== undefined && end !== undefined && end === lastOf(page)) seen.set(page.cursor, end);
        return again === undefined ? page : { ...page, prefixes: [again, ...page.prefixes] };
      };
    }),
  },
  { name: 'lists uploads that are not complete', caughtBy: '118', layer: listsStaging },
  {
    name: 'hangs on the second page',
    caughtBy: '97',
    layer: withList(
      (list) => (request, context) =>
        request.cursor === undefined ? list(request, context) : new Promise(() => undefined),
    ),
  },
];

/** Remembers every prefix that it has ever seen. */
function ghostPrefixes(driver: StorageDriver): StorageDriver {
  const ever = new Set<string>();
  return overDriver(driver, {
    listPage: async (request: ListRequest, context) => {
      const page = await driver.listPage(request, context);
      for (const prefix of page.prefixes) ever.add(prefix);
      if (request.delimiter === undefined || request.cursor !== undefined) return page;
      const ghosts = [...ever].filter((prefix) => prefix.startsWith(request.prefix) && prefix !== request.prefix);
      return { ...page, prefixes: [...new Set([...page.prefixes, ...ghosts])].sort(compareUtf16) };
    },
  });
}

/** Its staging is an object like any other. */
function listsStaging(driver: StorageDriver): StorageDriver {
  const { multipart } = driver;
  if (multipart === undefined) return driver;
  return overDriver(driver, {
    multipart: {
      ...multipart,
      putPart: async (request, context) => {
        const receipt = await multipart.putPart(request, context);
        const { key, uploadId, partNumber } = request;
        const body = { size: 0, pieces: [], open: async function* () {} };
        await driver.put(
          {
            key: `${key}.${uploadId}.${partNumber}.part`,
            body,
            attributes: { headers: { contentType: 'x/y' }, metadata: {} },
            condition: {},
            integrity: 'none',
          },
          context,
        );
        return receipt;
      },
    },
  });
}
