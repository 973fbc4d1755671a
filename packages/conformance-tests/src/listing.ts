import assert from 'node:assert/strict';
import type { FilePage, ListPageOptions, StorageBackend } from '@storage/core';

/** One page after the other, to the end; asserts what every page owes. */
export async function* pagesOf(
  backend: StorageBackend,
  query: ListPageOptions & { readonly limit: number },
  mostPages = 10_000,
): AsyncGenerator<FilePage, void, undefined> {
  let cursor: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await backend.listPage(cursor === undefined ? query : { ...query, cursor });
    const held = page.entries.length + page.prefixes.length;
    assert.ok(held <= query.limit, `a page of ${held} for a limit of ${query.limit}`);
    yield page;
    cursor = page.cursor;
    if (cursor === undefined) return;
    assert.equal(typeof cursor, 'string');
  }
  assert.fail(`more than ${mostPages} pages: the listing does not end`);
}

/** What a listing by pages gives: keys and prefixes in the order in which they came. */
export async function listed(
  backend: StorageBackend,
  query: ListPageOptions & { readonly limit: number },
): Promise<{ readonly keys: readonly string[]; readonly prefixes: readonly string[] }> {
  const keys: string[] = [];
  const prefixes: string[] = [];
  for await (const page of pagesOf(backend, query)) {
    keys.push(...page.entries.map((entry) => entry.key));
    prefixes.push(...page.prefixes);
  }
  return { keys, prefixes };
}

/** What a listing with a delimiter must give, computed from all keys. */
export function split(
  keys: readonly string[],
  prefix: string,
): { readonly keys: readonly string[]; readonly prefixes: readonly string[] } {
  const own: string[] = [];
  const prefixes = new Set<string>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const slash = key.indexOf('/', prefix.length);
    if (slash === -1) own.push(key);
    else prefixes.add(key.slice(0, slash + 1));
  }
  return { keys: own, prefixes: [...prefixes] };
}
