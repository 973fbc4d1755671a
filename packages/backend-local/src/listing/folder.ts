import fs from 'node:fs';
import { compareUtf8 } from '@storage/core/driver';
import { ifThere, isAbsence, lstat } from '../disk/calls.ts';
import { visitEntries } from '../disk/entries.ts';
import { type Task, until } from '../disk/task.ts';
import { fileName, isDigestName, segmentOf } from '../names/file-name.ts';
import type { Store } from '../store.ts';
import { segmentOfDigest } from './digest-segment.ts';

/** A folder of `data/`: what its keys begin with, and where it is. */
export interface Folder {
  /** Empty, or ending in `/`. */
  readonly prefix: string;
  readonly path: string;
}

/** The root of all keys. */
export function rootFolder({ roots }: Store): Folder {
  return { prefix: '', path: roots.data };
}

export function subfolder({ prefix, path }: Folder, segment: string): Folder {
  return { prefix: `${prefix}${segment}/`, path: `${path}/${fileName(segment)}` };
}

/**
 * What is in a folder, in the order of keys: files by their segment, folders with a `/` at the end, which is what
 * their keys go on with. What is no key of ours is left out. `wanted` decides before anything is sorted.
 */
export function* readFolder(store: Store, folder: Folder, wanted: (item: string) => boolean): Task<string[]> {
  const stats = yield* lstat(folder.path);
  if (stats?.isDirectory() !== true) return [];
  const items: string[] = [];

  function add(entry: fs.Dirent, segment: string | undefined): void {
    if (segment === undefined) return;
    const item = entry.isDirectory() ? `${segment}/` : segment;
    if (!wanted(item)) return;
    items.push(item);
  }
  const digests: fs.Dirent[] = [];
  const reading = visitEntries(folder.path, (entry) => {
    if (!entry.isFile() && !entry.isDirectory()) return;
    const segment = segmentOf(entry.name);
    if (segment !== undefined) add(entry, segment);
    else if (isDigestName(entry.name)) digests.push(entry);
  });
  yield* ifThere(reading);
  for (const entry of digests) add(entry, yield* segmentOfDigest(store, folder, entry));
  // The order of UTF-16 units, which is much faster, is that of code points as long as there are no surrogates.
  return items.some((item) => surrogate.test(item)) ? items.sort(compareUtf8) : items.sort();
}

/** Whether there is an object somewhere in a folder: then it is the prefix of a key. */
export function* holdsObject(path: string): Task<boolean> {
  const first = yield* until('opendir', () => lookThrough(path));
  if (first === 'file') return true;
  for (const name of first) {
    if (yield* holdsObject(`${path}/${name}`)) return true;
  }
  return false;
}

const surrogate = /[\ud800-\udfff]/;

/** `'file'` as soon as there is one; otherwise the names of all folders. A folder that has vanished is empty. */
async function lookThrough(path: string): Promise<'file' | string[]> {
  const folders: string[] = [];
  try {
    for await (const entry of await fs.promises.opendir(path)) {
      const isOurs = segmentOf(entry.name) !== undefined || isDigestName(entry.name);
      if (isOurs && entry.isFile()) return 'file';
      if (isOurs && entry.isDirectory()) folders.push(entry.name);
    }
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
  return folders;
}
