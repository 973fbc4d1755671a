import { compareUtf8, type FileEntry, type ListRequest } from '@storage/core/driver';
import { lstat } from '../disk/calls.ts';
import { isSpelledSo } from '../disk/folders.ts';
import type { Task } from '../disk/task.ts';
import { fileName } from '../names/file-name.ts';
import { seeCurrent } from '../object/open.ts';
import { entryOf } from '../object/record.ts';
import { stampOf } from '../object/stamp.ts';
import { place, type Store } from '../store.ts';
import { type Folder, holdsObject, readFolder, rootFolder, subfolder } from './folder.ts';

/** What all pages of a listing have in common. */
export type Query = Pick<ListRequest, 'prefix' | 'delimiter' | 'include'>;

/** A way through the tree that can be continued: the folders that lead to where it is, and what is left in each. */
export interface Walk {
  readonly query: Query;
  /** Exclusive: where it began. */
  readonly after: string | undefined;
  readonly frames: Frame[];
}

interface Frame {
  readonly folder: Folder;
  readonly items: readonly string[];
  next: number;
}

/** An object, or a common prefix. */
export type Found = { readonly entry: FileEntry } | { readonly prefix: string };

/** Begins where the keys of the query can be: in the last folder of its prefix. */
export function* startWalk(store: Store, query: Query, after: string | undefined): Task<Walk> {
  const walk: Walk = { query, after, frames: [] };
  const end = query.prefix.lastIndexOf('/') + 1;
  const names = query.prefix.slice(0, end).split('/').slice(0, -1);
  let folder = rootFolder(store);
  for (const segment of names) {
    folder = subfolder(folder, segment);
    const stats = yield* lstat(folder.path);
    if (stats?.isDirectory() !== true || !(yield* isSpelledSo(store, folder.path))) return walk;
  }
  yield* enter(store, walk, folder);
  return walk;
}

/** The next object or prefix; undefined at the end. */
export function* step(store: Store, walk: Walk, signal: AbortSignal): Task<Found | undefined> {
  for (let frame = walk.frames.at(-1); frame !== undefined; frame = walk.frames.at(-1)) {
    const item = frame.items[frame.next];
    if (item === undefined) {
      walk.frames.pop();
      continue;
    }
    frame.next += 1;
    const found = item.endsWith('/')
      ? yield* visitFolder(store, walk, frame.folder, item.slice(0, -1), signal)
      : yield* visitFile(store, walk, frame.folder, item, signal);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether nothing is left. */
export function isOver(walk: Walk): boolean {
  return walk.frames.every((frame) => frame.next >= frame.items.length);
}

function* visitFolder(
  store: Store,
  walk: Walk,
  parent: Folder,
  segment: string,
  signal: AbortSignal,
): Task<Found | undefined> {
  signal.throwIfAborted();
  const folder = subfolder(parent, segment);
  if (walk.query.delimiter === undefined) {
    yield* enter(store, walk, folder);
    return undefined;
  }
  return (yield* holdsObject(folder.path)) ? { prefix: folder.prefix } : undefined;
}

function* visitFile(
  store: Store,
  { query }: Walk,
  folder: Folder,
  segment: string,
  signal: AbortSignal,
): Task<Found | undefined> {
  const key = folder.prefix + segment;
  const stats = yield* lstat(`${folder.path}/${fileName(segment)}`);
  if (stats?.isFile() !== true) return undefined;
  if (query.include === undefined) return { entry: entryOf(key, stampOf(stats)) };
  const record = yield* seeCurrent(store, place(store, key), signal);
  if (record === undefined) return undefined;
  const { metadata, headers } = record;
  return { entry: { ...entryOf(key, record), metadata: { ...metadata }, contentType: headers.contentType } };
}

function* enter(store: Store, walk: Walk, folder: Folder): Task<void> {
  const items = yield* readFolder(store, folder, (item) => isWanted(walk, folder, item));
  if (items.length > 0) walk.frames.push({ folder, items, next: 0 });
}

/** Whether a key, or keys that begin with a folder's, belong to what is left of the query. */
function isWanted({ query, after }: Walk, folder: Folder, item: string): boolean {
  const key = folder.prefix + item;
  const isFolder = item.endsWith('/');
  if (!key.startsWith(query.prefix) && !(isFolder && query.prefix.startsWith(key))) return false;
  if (after === undefined) return true;
  // A folder that contains `after` may have keys behind it; as a common prefix it was passed.
  if (isFolder && after.startsWith(key)) return query.delimiter === undefined || query.prefix.startsWith(key);
  return compareUtf8(key, after) > 0;
}
