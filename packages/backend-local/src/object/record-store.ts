import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { isDriverFault } from '@storage/core/driver';
import { close, createText, fsync, hasCode, ifThere, open, truncate, unlink, write } from '../disk/calls.ts';
import { inFolders, syncFolder } from '../disk/folders.ts';
import { renameOver } from '../disk/rename-over.ts';
import type { Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import type { Place } from '../names/place.ts';
import type { Store } from '../store.ts';
import type { Current } from './current.ts';
import type { FileRecord } from './record.ts';
import { isWhole, lineOf, logUpTo, type RecordLog, writeLog } from './record-log.ts';
import { discard, inStaging } from './staging.ts';

/** A log that is longer is begun anew when the next record is added: one block of most file systems. */
const longLogBytes = 4096;

/** The records of a key; empty when it has none. */
export function* logOf({ metadata }: Place): Task<RecordLog> {
  return (yield* ifThere(readText(metadata.path))) ?? '';
}

/** What a log says, for a write, which replaces what cannot be read. */
export function ifReadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isDriverFault(error) && error.classification.code === 'Corrupted') return undefined;
    throw error;
  }
}

/**
 * Writes the record of a new object. While there is no file, nobody reads its record, so it need not appear in one step.
 * Only under the lock of the key.
 */
export function* createRecords(store: Store, place: Place, record: FileRecord): Task<void> {
  const { key, metadata } = place;
  const text = writeLog(key, [record]);
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
  const text = writeLog(key, records);
  const staged = yield* inStaging(store, (path) => createDurably(store, path, text));
  try {
    yield* inFolders(store, metadata, () => renameOver(staged, metadata.path));
  } catch (error) {
    yield* discard({ path: staged });
    throw error;
  }
  if (store.settings.powerSafe) yield* syncFolder(dirname(metadata.path));
}

/**
 * Adds the record of a revision that is about to take the place of another. Whoever opens the file before that finds the
 * old record, and afterwards the new one. Only under the lock of the key.
 */
export function* addRecord(store: Store, place: Place, record: FileRecord, current: Current): Task<void> {
  const { log } = current;
  const line = lineOf(record);
  if (log === undefined || !isWhole(log) || Buffer.byteLength(log) + Buffer.byteLength(line) > longLogBytes) {
    return yield* replaceRecords(store, place, [record, current.record]);
  }
  try {
    yield* writeThrough(store, place.metadata.path, constants.O_APPEND, line);
  } catch (error) {
    // Somebody has removed it since it was read.
    if (!hasCode(error, 'ENOENT')) throw error;
    yield* replaceRecords(store, place, [record, current.record]);
  }
}

/** Takes back records that were added for files that never took the place of the current one. Only under the lock of the key. */
export function* cutLog({ metadata }: Place, { record, log }: Current): Task<void> {
  if (log === undefined) return;
  const kept = logUpTo(log, record);
  if (kept.length < log.length) yield* truncate(metadata.path, Buffer.byteLength(kept));
}

/** Creates a small file; with `durability: 'power'` its bytes are on the disk when this ends. */
export function* createDurably(store: Store, path: string, text: string): Task<void> {
  if (!store.settings.powerSafe) return yield* createText(path, text);
  yield* writeThrough(store, path, constants.O_CREAT | constants.O_EXCL, text);
}

function* writeThrough(store: Store, path: string, flags: number, text: string): Task<void> {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- Windows has no such flag, whatever the types say
  const fd = yield* open(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0) | flags);
  try {
    yield* write(fd, [Buffer.from(text)]);
    if (store.settings.powerSafe) yield* fsync(fd);
  } finally {
    yield* close(fd);
  }
}

export function* removeRecords({ metadata }: Place): Task<void> {
  yield* ifThere(unlink(metadata.path));
}
