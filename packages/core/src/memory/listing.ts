import type { ListRequest, ListResponse } from '../driver.ts';
import { compareUtf8 } from '../driver-kit/compare-keys.ts';
import type { FileEntry } from '../file-info.ts';
import type { Bucket } from './bucket.ts';
import { invalidArgument } from './errors.ts';
import { toEntry } from './info.ts';

/** One page of the current objects, in code-point order. */
export function listPage(bucket: Bucket, request: ListRequest): ListResponse {
  const { prefix, limit, include } = request;
  const keys = bucket.keys.inOrder;
  const after = request.cursor === undefined ? request.startAfter : readCursor(request.cursor, request);
  const entries: FileEntry[] = [];
  const prefixes: string[] = [];
  let last = '';
  let at = bucket.keys.firstNot((key) => compareUtf8(key, prefix) < 0 || !isAfter(key, after));

  for (let key = keys[at]; key?.startsWith(prefix); key = keys[at]) {
    if (entries.length + prefixes.length === limit) return { entries, prefixes, cursor: writeCursor(last, request) };
    const common = commonPrefix(key, request);
    if (common === undefined) {
      entries.push(toEntry(key, bucket.find(key), include));
      last = key;
      at += 1;
      continue;
    }
    at = bucket.keys.firstNot((other) => compareUtf8(other, common) < 0 || other.startsWith(common));
    // The page before ended with this prefix, or `startAfter` lies inside it.
    if (after?.startsWith(common)) continue;
    prefixes.push(common);
    last = common;
  }
  return { entries, prefixes };
}

function isAfter(key: string, after: string | undefined): boolean {
  return after === undefined || compareUtf8(key, after) > 0;
}

/** The part of a key up to the first delimiter after the prefix of the query. */
function commonPrefix(key: string, { prefix, delimiter }: ListRequest): string | undefined {
  if (delimiter === undefined) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end === -1 ? undefined : key.slice(0, end + delimiter.length);
}

/** Names the query and the last key or prefix of the page, not a position: keys come and go between two pages. */
function writeCursor(last: string, { prefix, delimiter }: ListRequest): string {
  return Buffer.from(JSON.stringify([prefix, delimiter ?? '', last])).toString('base64url');
}

function readCursor(cursor: string, { prefix, delimiter }: ListRequest): string {
  const [ofPrefix, ofDelimiter, last] = parseCursor(cursor);
  if (ofPrefix === prefix && ofDelimiter === (delimiter ?? '') && typeof last === 'string') return last;
  throw invalidArgument('the cursor belongs to another query');
}

function parseCursor(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    // Not ours: the caller says so.
    return [];
  }
}
