import { hasFolders, isSpelledSo } from '../disk/folders.ts';
import { keyConflict } from '../disk/refuse.ts';
import type { Task } from '../disk/task.ts';
import type { Place } from '../names/place.ts';
import type { Store } from '../store.ts';
import { crcOfFile } from './crc.ts';
import { look, lookForFile } from './look.ts';
import { type FileRecord, recordByHand } from './record.ts';
import { latestOf, type RecordLog, recordOf } from './record-log.ts';
import { ifReadable, logOf } from './record-store.ts';
import type { Stamp } from './stamp.ts';

/** The object of a key as it is now. */
export interface Current {
  /** With the stamp that the file has. */
  readonly record: FileRecord;
  /** The log that this record is in; undefined where it has to be found in another way. */
  readonly log: RecordLog | undefined;
}

/**
 * The object of a key. Only under its lock, and when the folders of file and record have been looked at. `'folder'`:
 * other keys are below this one.
 */
export function* currentUnderLock(store: Store, place: Place): Task<Current | 'folder' | undefined> {
  const stamp = yield* look(place.data.path);
  if (stamp === undefined || stamp === 'folder') return stamp;
  if (!(yield* isSpelledSo(store, place.data.path))) {
    throw keyConflict('another key that differs only in case is stored, and this disk cannot keep both');
  }
  return yield* currentOf(place, stamp);
}

function* currentOf(place: Place, stamp: Stamp): Task<Current> {
  const log = yield* logOf(place);
  const found = ifReadable(() => recordOf(log, stamp));
  if (found !== undefined) return { record: found, log };
  const latest = ifReadable(() => latestOf(log)) ?? [];
  return { record: (yield* recordByContent(place, stamp, latest)) ?? recordByHand(stamp), log: undefined };
}

/** The record of the object of a key, in folders that nobody has looked at. Only under its lock. */
export function* findUnderLock(store: Store, place: Place): Task<FileRecord | undefined> {
  return (yield* lookUnderLock(store, place))?.record;
}

/** The object of a key, likewise. */
export function* lookUnderLock(store: Store, place: Place): Task<Current | undefined> {
  const stamp = yield* stampUnderLock(store, place);
  return stamp && (yield* currentOf(place, stamp));
}

/** The same of its file only. */
export function* stampUnderLock(store: Store, place: Place): Task<Stamp | undefined> {
  yield* hasFolders(store, place.metadata);
  if (!(yield* hasFolders(store, place.data))) return undefined;
  const stamp = yield* lookForFile(place.data.path);
  return stamp !== undefined && (yield* isSpelledSo(store, place.data.path)) ? stamp : undefined;
}

/** Whether what is there belongs to a key that differs in case only. */
export function* isOtherKey(store: Store, place: Place): Task<boolean> {
  if (!store.ignoresCase || (yield* look(place.data.path)) === undefined) return false;
  return !(yield* isSpelledSo(store, place.data.path));
}

/** The record of a file that was copied here: of the same size and checksum. It is read once; then its stamp is known. */
export function* recordByContent(
  place: Place,
  stamp: Stamp,
  records: readonly FileRecord[],
): Task<FileRecord | undefined> {
  const candidates = records.filter((record) => record.crc32 !== undefined && record.size === stamp.size);
  if (candidates.length === 0) return undefined;
  const crc32 = yield* crcOfFile(place.data.path);
  const record = candidates.find((candidate) => candidate.crc32 === crc32);
  return record && { ...record, ...stamp };
}
