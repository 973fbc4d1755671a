import { digest, fileName, segmentOf } from './file-name.ts';

/** The trees of a store, and its private directory. */
export interface Roots {
  readonly base: string;
  readonly data: string;
  readonly metadata: string;
  readonly versions: string;
  readonly private: string;
  readonly staging: string;
  readonly locks: string;
  readonly uploads: string;
}

/** A path in one of the trees, and the folders that lead to it, outermost first. */
export interface Spot {
  readonly path: string;
  readonly folders: readonly string[];
}

/** Where everything of one key is. No two keys share a path. */
export interface Place {
  readonly key: string;
  /** The file itself. */
  readonly data: Spot;
  /** Its records. */
  readonly metadata: Spot;
  /** The folder of its earlier versions. */
  readonly versions: Spot;
  /** The name of its lock. */
  readonly lock: string;
}

/** The longest lock name that is readable, in UTF-16 units; at most three times as many bytes must fit a file name. */
const maxLockName = 80;

export function rootsOf(base: string): Roots {
  const hidden = `${base}/private`;
  return {
    base,
    data: `${base}/data`,
    metadata: `${base}/metadata`,
    versions: `${base}/versions`,
    private: hidden,
    staging: `${hidden}/staging`,
    locks: `${hidden}/locks`,
    uploads: `${hidden}/uploads`,
  };
}

export function placeOf(roots: Roots, key: string): Place {
  const segments = key.split('/');
  const leaf = segments.pop() ?? '';
  const folders = segments.map(plain);
  return {
    key,
    data: spot(roots.data, folders, fileName(leaf)),
    metadata: spot(roots.metadata, segments.map(apartFromRecords), fileName(leaf, '.json')),
    // Not needed to read, and not by every write.
    get versions() {
      return spot(roots.versions, folders, fileName(leaf, '%~'));
    },
    get lock() {
      return lockName(key, [...folders, fileName(leaf)]);
    },
  };
}

/** The key of a lock, where its name tells. */
export function keyOfLock(name: string): string | undefined {
  const segments = name.split('%2F').map(segmentOf);
  const key = segments.join('/');
  return !segments.includes(undefined) && lockName(key, key.split('/').map(plain)) === name ? key : undefined;
}

function lockName(key: string, names: readonly string[]): string {
  const name = names.join('%2F');
  return name.length > maxLockName ? `%~key-${digest(key)}` : name;
}

function spot(root: string, folderNames: readonly string[], name: string): Spot {
  let path = root;
  const folders = folderNames.map((folder) => {
    path += `/${folder}`;
    return path;
  });
  return { path: `${path}/${name}`, folders };
}

function plain(segment: string): string {
  return fileName(segment);
}

/** Keeps the folder of `a.json/b` apart from the record of `a`, on a disk that ignores case as well. */
function apartFromRecords(segment: string): string {
  return /\.json$/i.test(segment) ? fileName(segment, '%~') : fileName(segment);
}
