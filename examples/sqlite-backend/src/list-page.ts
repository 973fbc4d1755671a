import type { DatabaseSync } from 'node:sqlite';
import { compareUtf8, type FileEntry, type ListRequest, type ListResponse } from '@storage/core/driver';
import { firstFrom, toEntry } from './file-row.ts';

/** One page, in the order of the index of keys. The cursor is the last key or prefix that was given. */
export function listPage(database: DatabaseSync, request: ListRequest): ListResponse {
  const { prefix, limit, include } = request;
  const after = request.cursor ?? request.startAfter;
  const entries: FileEntry[] = [];
  const prefixes: string[] = [];
  let last = '';
  let file = firstFrom(database, later(prefix, after === undefined ? '' : `${after}\0`));

  while (file?.key.startsWith(prefix) === true) {
    const common = commonPrefix(file.key, request);
    // The page before ended with this prefix, or `startAfter` lies inside it.
    const passed = common !== undefined && after?.startsWith(common) === true;
    if (!passed) {
      if (entries.length + prefixes.length === limit) return { entries, prefixes, cursor: last };
      last = common ?? file.key;
      if (common === undefined) entries.push(toEntry(file, include));
      else prefixes.push(common);
    }
    // After `a/…` comes `a0`: no character is between "/" and "0".
    file = firstFrom(database, common === undefined ? `${file.key}\0` : `${common.slice(0, -1)}0`);
  }
  return { entries, prefixes };
}

function later(a: string, b: string): string {
  return compareUtf8(a, b) < 0 ? b : a;
}

/** The part of a key up to the first delimiter after the prefix of the query. */
function commonPrefix(key: string, { prefix, delimiter }: ListRequest): string | undefined {
  if (delimiter === undefined) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}
