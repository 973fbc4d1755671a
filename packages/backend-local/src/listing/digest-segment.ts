import type { Dirent } from 'node:fs';
import { ifThere, readdir } from '../disk/calls.ts';
import type { Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import { fileName, isDigestName } from '../names/file-name.ts';
import { placeOf } from '../names/place.ts';
import { keyOf } from '../object/record-log.ts';
import type { Store } from '../store.ts';
import type { Folder } from './folder.ts';

/** The segment of a name that is a digest, from the record of any key that has it; undefined when there is none. */
export function* segmentOfDigest(store: Store, folder: Folder, entry: Dirent): Task<string | undefined> {
  if (!isDigestName(entry.name)) return undefined;
  // Any key of the folder tells where its records are.
  const [records = store.roots.metadata] = placeOf(store.roots, `${folder.prefix}x`).metadata.folders.slice(-1);
  const path = `${records}/${entry.name}`;
  const key = entry.isFile()
    ? yield* keyIn(`${path}.json`)
    : ((yield* keyBelow(path)) ?? (yield* keyBelow(`${path}%~`)));
  const segment = key?.slice(folder.prefix.length).split('/')[0];
  return segment !== undefined && key?.startsWith(folder.prefix) === true && fileName(segment) === entry.name
    ? segment
    : undefined;
}

function* keyIn(recordPath: string): Task<string | undefined> {
  const text = yield* ifThere(readText(recordPath));
  return text && keyOf(text);
}

function* keyBelow(folder: string): Task<string | undefined> {
  for (const entry of (yield* ifThere(readdir(folder))) ?? []) {
    const path = `${folder}/${entry.name}`;
    const key = entry.isDirectory() ? yield* keyBelow(path) : yield* keyIn(path);
    if (key !== undefined) return key;
  }
  return undefined;
}
