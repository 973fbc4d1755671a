import { dirname } from 'node:path';
import type { Spot } from '../names/place.ts';
import type { Store } from '../store.ts';
import {
  close,
  fsync,
  hasCode,
  ifThere,
  lstat,
  mkdir,
  open,
  readSmallDirectory,
  realpath,
  rmdir,
  unlink,
} from './calls.ts';
import { keyConflict, refuseLink } from './refuse.ts';
import type { Task } from './task.ts';

/** How often somebody else may remove folders that were just made. */
const attempts = 100;

/**
 * Makes the folders that lead to a spot. A link among them is refused, a file is a `KeyConflict`.
 * A delete that empties them may remove them meanwhile: then they are made again.
 */
export function* makeFolders(store: Store, { folders }: Pick<Spot, 'folders'>): Task<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      for (const folder of folders) yield* makeFolder(store, folder);
      return;
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt === attempts) throw error;
      store.pace.forgetFolders();
    }
  }
}

function* makeFolder(store: Store, folder: string): Task<void> {
  const known = store.pace.folders;
  if (known?.has(folder) === true) return;
  const stats = yield* lstat(folder);
  if (stats?.isDirectory() === true) return void known?.add(folder);
  if (stats?.isSymbolicLink() === true) throw refuseLink();
  if (stats !== undefined) throw keyConflict('a beginning of the key is itself a key');
  try {
    yield* mkdir(folder);
  } catch (error) {
    // Somebody else was faster; what they made is looked at like everything else.
    if (hasCode(error, 'EEXIST')) return yield* makeFolder(store, folder);
    throw error;
  }
  if (store.settings.powerSafe) yield* syncFolder(dirname(folder));
}

/** Does `work` in folders that are there; when somebody has removed them because they were empty, once more. */
export function* inFolders<T>(store: Store, spot: Pick<Spot, 'folders'>, work: () => Task<T>): Task<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return yield* work();
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt === attempts) throw error;
    }
    store.pace.forgetFolders();
    yield* makeFolders(store, spot);
  }
}

/** Whether folders lead to a spot. A link among them is refused. */
export function* hasFolders(store: Store, { folders }: Pick<Spot, 'folders'>): Task<boolean> {
  const known = store.pace.folders;
  for (const folder of folders) {
    if (known?.has(folder) === true) continue;
    const stats = yield* lstat(folder);
    if (stats?.isSymbolicLink() === true) throw refuseLink();
    if (stats?.isDirectory() !== true) return false;
    known?.add(folder);
  }
  return true;
}

/** Removes the folders that led to a spot, as far as they are empty; false when not even the innermost is. */
export function* pruneFolders(store: Store, { folders }: Pick<Spot, 'folders'>): Task<boolean> {
  for (const folder of folders.toReversed()) {
    if (!(yield* removeIfEmpty(store, folder))) return folder !== folders.at(-1);
  }
  return true;
}

/** Removes a folder that holds nothing but empty folders; false when it holds more. */
export function* removeHollow(store: Store, folder: string): Task<boolean> {
  const names = (yield* ifThere(readSmallDirectory(folder))) ?? [];
  for (const name of names) {
    const path = `${folder}/${name}`;
    const stats = yield* lstat(path);
    if (stats !== undefined && !(stats.isDirectory() && (yield* removeHollow(store, path)))) return false;
  }
  return yield* removeIfEmpty(store, folder);
}

/** Removes a folder of ours with all that is in it; gives the number of files. */
export function* removeFolder(folder: string): Task<number> {
  let files = 0;
  for (const name of (yield* ifThere(readSmallDirectory(folder))) ?? []) {
    const path = `${folder}/${name}`;
    const isFolder = (yield* lstat(path))?.isDirectory() === true;
    if (!isFolder) yield* ifThere(unlink(path));
    files += isFolder ? yield* removeFolder(path) : 1;
  }
  yield* ifThere(rmdir(folder));
  return files;
}

function* removeIfEmpty(store: Store, folder: string): Task<boolean> {
  try {
    yield* rmdir(folder);
    store.pace.folders?.delete(folder);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    // Whatever keeps it there keeps a folder that no listing shows: nothing of what was asked for fails.
    return false;
  }
}

/** Waits until the entries of a folder are on the disk. Windows cannot, and does it by itself. */
export function* syncFolder(folder: string): Task<void> {
  if (process.platform === 'win32') return;
  const fd = yield* open(folder, 0);
  try {
    yield* fsync(fd);
  } finally {
    yield* close(fd);
  }
}

/** Whether what is at a path is spelled so on the disk; only a disk that ignores case can say no. */
export function* isSpelledSo(store: Store, path: string): Task<boolean> {
  if (!store.ignoresCase) return true;
  const base = yield* realpath(store.roots.base);
  const real = yield* realpath(path);
  return spelling(real) === spelling(base + path.slice(store.roots.base.length));
}

function spelling(path: string): string {
  return path.replaceAll('\\', '/').normalize('NFC');
}
