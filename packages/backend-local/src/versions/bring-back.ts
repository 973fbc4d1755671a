import { dirname } from 'node:path';
import { DriverFault } from '@storage/core/driver';
import { lstat } from '../disk/calls.ts';
import { inFolders, pruneFolders, syncFolder } from '../disk/folders.ts';
import { renameOver } from '../disk/rename-over.ts';
import type { Task } from '../disk/task.ts';
import type { Place } from '../names/place.ts';
import { makeRoom } from '../object/commit.ts';
import type { FileRecord } from '../object/record.ts';
import { replaceRecords } from '../object/record-store.ts';
import { repair } from '../object/repair.ts';
import type { Staged } from '../object/stage.ts';
import { stageCopy } from '../object/stage-copy.ts';
import { stampOf } from '../object/stamp.ts';
import type { Store } from '../store.ts';
import { removeVersion } from './archive.ts';
import { type Archived, folderSpot, historyOf } from './history.ts';

/** Makes an earlier version the current one, as the revision that it was. Only under the lock of the key. */
export function* bringBack(store: Store, place: Place, version: Archived, known: FileRecord): Task<FileRecord> {
  const current = (yield* makeRoom(store, place))?.record;
  const { path, ...stamp } = yield* takeOut(store, place, version, known);
  // As a version it gets a new number: others may have come after it.
  const { number: _, ...revision } = known;
  const record = { ...revision, ...stamp };
  try {
    yield* replaceRecords(store, place, current === undefined ? [record] : [record, current]);
    yield* inFolders(store, place.data, () => renameOver(path, place.data.path));
  } catch (error) {
    yield* repair(store, place);
    throw error;
  }
  if (store.settings.powerSafe) yield* syncFolder(dirname(place.data.path));
  yield* removeVersion(version);
  yield* pruneFolders(store, folderSpot(place.versions));
  return record;
}

/** The file itself; a copy where another object has the same file, since two would share its time. */
function* takeOut(store: Store, place: Place, version: Archived, known: FileRecord): Task<Omit<Staged, 'crc32'>> {
  const stats = yield* lstat(version.path);
  if (stats?.isFile() !== true) throw new DriverFault('Corrupted', 'the file of the version is gone');
  if (stats.nlink > 1 && stats.nlink !== (yield* countLinks(store, place, stats.ino))) {
    const { crc32: _, ...copied } = yield* stageCopy(store, version.path, known);
    return copied;
  }
  return { ...stampOf(stats), path: version.path };
}

/** How many versions of the key have this file: a change of metadata only keeps it. */
function* countLinks(store: Store, place: Place, inode: number): Task<number> {
  let links = 0;
  for (const { path } of yield* historyOf(store, place)) {
    if ((yield* lstat(path))?.ino === inode) links += 1;
  }
  return links;
}
