import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { isDriverFault } from '@storage/core/driver';
import { close, createText, fsync, hasCode, ifThere, open, unlink, write } from '../disk/calls.ts';
import { inFolders, syncFolder } from '../disk/folders.ts';
import { renameOver } from '../disk/rename-over.ts';
import type { Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import type { Place } from '../names/place.ts';
import type { Store } from '../store.ts';
import { type FileRecord, readRecords, writeRecords } from './record.ts';
import { discard, inStaging } from './staging.ts';

/** The records of a key, newest first; none when it has no record file. Rejects `Corrupted`. */
export function* recordsOf({ metadata }: Place): Task<readonly FileRecord[]> {
  const text = yield* ifThere(readText(metadata.path));
  // An interrupted write may have left an empty file.
  return text === undefined || text === '' ? [] : readRecords(text).records;
}

/** The same for a write, which replaces what cannot be read. */
export function* readableRecordsOf(place: Place): Task<readonly FileRecord[]> {
  try {
    return yield* recordsOf(place);
  } catch (error) {
    if (isDriverFault(error) && error.classification.code === 'Corrupted') return [];
    throw error;
  }
}

/**
 * Writes the record of a new object. While there is no file, nobody reads its record, so it need not appear in one step.
 * Only under the lock of the key.
 */
export function* createRecords(store: Store, place: Place, record: FileRecord): Task<void> {
  const { key, metadata } = place;
  const text = writeRecords({ key, records: [record] });
  try {
    yield* inFolders(store, metadata, () => createDurably(store, metadata.path, text));
  } catch (error) {
    // An interrupted write has left its own.
    if (hasCode(error, 'EEXIST')) return yield* replaceRecords(store, place, [record]);
    throw error;
  }
  if (store.settings.powerSafe) yield* syncFolder(dirname(metadata.path));
}

/** Replaces the records of a key in one step. Only under its lock. */
export function* replaceRecords(store: Store, { key, metadata }: Place, records: readonly FileRecord[]): Task<void> {
  const text = writeRecords({ key, records });
  const staged = yield* inStaging(store, (path) => createDurably(store, path, text));
  try {
    yield* inFolders(store, metadata, () => renameOver(staged, metadata.path));
  } catch (error) {
    yield* discard({ path: staged });
    throw error;
  }
  if (store.settings.powerSafe) yield* syncFolder(dirname(metadata.path));
}

/** Creates a small file; with `durability: 'power'` its bytes are on the disk when this ends. */
export function* createDurably(store: Store, path: string, text: string): Task<void> {
  if (!store.settings.powerSafe) return yield* createText(path, text);
  const fd = yield* open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  try {
    yield* write(fd, [Buffer.from(text)]);
    yield* fsync(fd);
  } finally {
    yield* close(fd);
  }
}

export function* removeRecords({ metadata }: Place): Task<void> {
  yield* ifThere(unlink(metadata.path));
}
