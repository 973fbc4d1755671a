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
  return new KeyPlace(roots, key);
}

class KeyPlace implements Place {
  readonly key: string;
  readonly data: Spot;
  readonly #roots: Roots;
  readonly #segments: readonly string[];
  readonly #folders: readonly string[];
  readonly #leaf: string;
  #metadata: Spot | undefined;

  constructor(roots: Roots, key: string) {
    const segments = key.split('/');
    this.key = key;
    this.#roots = roots;
    this.#leaf = segments.pop() ?? '';
    this.#segments = segments;
    this.#folders = segments.map(plain);
    this.data = spot(roots.data, this.#folders, fileName(this.#leaf));
  }

  // What not every operation needs is made when it is asked for. On a class, since each object literal with a getter has a
  // hidden class of its own, which only a full garbage collection frees.
  get metadata(): Spot {
    this.#metadata ??= spot(this.#roots.metadata, this.#segments.map(apartFromRecords), fileName(this.#leaf, '.json'));
    return this.#metadata;
  }

  get versions(): Spot {
    return spot(this.#roots.versions, this.#folders, fileName(this.#leaf, versionsSuffix(this.key)));
  }

  get lock(): string {
    return lockName(this.key, [...this.#folders, fileName(this.#leaf)]);
  }
}

/** Versions outlive their object: they must not meet those of a key in another case, on a disk that ignores case. */
function versionsSuffix(key: string): string {
  return key === key.toLowerCase() ? '%~' : `%~${digest(key).slice(0, 8)}`;
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
