import { DriverFault, type FileEntry, type ListRequest, type ListResponse } from '@storage/core/driver';
import { parseJson } from '../disk/json.ts';
import { checkBase } from '../disk/layout.ts';
import type { Task } from '../disk/task.ts';
import type { Store } from '../store.ts';
import { isOver, startWalk, step, type Walk } from './walk.ts';

/** One page of a listing, in code-point order. */
export function* listPage(store: Store, request: ListRequest, signal: AbortSignal): Task<ListResponse> {
  const { prefix, delimiter, include, cursor, limit } = request;
  const after = cursor === undefined ? request.startAfter : readCursor(cursor, request);
  const query = { prefix, ...(delimiter && { delimiter }), ...(include?.length && { include }) };
  const walk = takeWalk(store, request) ?? (yield* startWalk(store, query, after));

  const entries: FileEntry[] = [];
  const prefixes: string[] = [];
  let last = '';
  while (entries.length + prefixes.length < limit) {
    const found = yield* step(store, walk, signal);
    if (found === undefined) break;
    if ('entry' in found) entries.push(found.entry);
    else prefixes.push(found.prefix);
    last = 'entry' in found ? found.entry.key : found.prefix;
  }
  if (last === '') yield* checkBase(store);
  if (isOver(walk)) return { entries, prefixes };

  const next = writeCursor(last, request);
  store.walks.keep(next, walk);
  return { entries, prefixes, cursor: next };
}

function takeWalk(store: Store, { cursor, include }: ListRequest): Walk | undefined {
  const walk = cursor === undefined ? undefined : store.walks.take(cursor);
  return walk !== undefined && (walk.query.include === undefined) === !include?.length ? walk : undefined;
}

/** Names the query and the last key or prefix of the page, not a position: keys come and go between two pages. */
function writeCursor(last: string, { prefix, delimiter }: ListRequest): string {
  return Buffer.from(JSON.stringify([prefix, delimiter ?? '', last])).toString('base64url');
}

function readCursor(cursor: string, { prefix, delimiter }: ListRequest): string {
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString());
  const [ofPrefix, ofDelimiter, last] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (ofPrefix === prefix && ofDelimiter === (delimiter ?? '') && typeof last === 'string') return last;
  throw new DriverFault('InvalidArgument', 'the cursor belongs to another listing');
}
