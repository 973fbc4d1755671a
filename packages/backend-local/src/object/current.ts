import { hasFolders, isSpelledSo } from '../disk/folders.ts';
import { keyConflict } from '../disk/refuse.ts';
import type { Task } from '../disk/task.ts';
import type { Place } from '../names/place.ts';
import type { Store } from '../store.ts';
import { crcOfFile } from './crc.ts';
import { look, lookForFile } from './look.ts';
import { type FileRecord, recordByHand } from './record.ts';
import { readableRecordsOf } from './record-store.ts';
import { type Stamp, sameStamp } from './stamp.ts';

/**
 * The object of a key as it is now: its record with the stamp that the file has. Only under its lock, and when the
 * folders of file and record have been looked at. `'folder'`: other keys are below this one.
 */
export function* currentUnderLock(store: Store, place: Place): Task<FileRecord | 'folder' | undefined> {
  const stamp = yield* look(place.data.path);
  if (stamp === undefined || stamp === 'folder') return stamp;
  if (!(yield* isSpelledSo(store, place.data.path))) {
    throw keyConflict('another key that differs only in case is stored, and this disk cannot keep both');
  }
  return yield* recordUnderLock(place, stamp);
}

function* recordUnderLock(place: Place, stamp: Stamp): Task<FileRecord> {
  const records = yield* readableRecordsOf(place);
  const found = records.find((record) => sameStamp(record, stamp));
  return found ?? (yield* recordByContent(place, stamp, records)) ?? recordByHand(stamp);
}

/** The object of a key as it is now, in folders that nobody has looked at. Only under its lock. */
export function* findUnderLock(store: Store, place: Place): Task<FileRecord | undefined> {
  const stamp = yield* stampUnderLock(store, place);
  return stamp && (yield* recordUnderLock(place, stamp));
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
