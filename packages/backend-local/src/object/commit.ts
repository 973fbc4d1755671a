import { dirname } from 'node:path';
import type { WriteCondition } from '@storage/core/driver';
import { close, hasCode, link, open } from '../disk/calls.ts';
import { inFolders, isSpelledSo, makeFolders, pruneFolders, removeHollow, syncFolder } from '../disk/folders.ts';
import { keyConflict } from '../disk/refuse.ts';
import { renameOver } from '../disk/rename-over.ts';
import type { Task } from '../disk/task.ts';
import { readFlags } from '../disk/text.ts';
import { locked } from '../lock/lock.ts';
import type { Place } from '../names/place.ts';
import type { Store } from '../store.ts';
import { archiveLinked, type Prepared, tidyVersions } from '../versions/archive.ts';
import { alreadyExists, checkWrite } from './conditions.ts';
import { type Current, currentUnderLock } from './current.ts';
import type { Content, FileRecord } from './record.ts';
import { addRecord, createRecords } from './record-store.ts';
import { repair } from './repair.ts';
import { newRevision } from './revision.ts';
import { type Staged, seal } from './stage.ts';
import { discard } from './staging.ts';

/** What a write makes of a staged file. */
export interface Change {
  readonly staged: Staged;
  readonly content: Content;
  readonly condition: WriteCondition;
  /** Asked once the key is locked, right before anything changes. */
  readonly guard?: () => Task<void>;
}

/** Makes a staged file the object of its key, under the key's lock. Whatever happens, the staged file is gone afterwards. */
export function* commit(store: Store, place: Place, change: Change, signal: AbortSignal): Task<FileRecord> {
  try {
    return yield* locked(store, place.lock, signal, () => commitLocked(store, place, change, signal));
  } catch (error) {
    yield* discard(change.staged);
    throw error;
  }
}

/** The same for whoever holds the lock. */
export function* commitLocked(store: Store, place: Place, change: Change, signal: AbortSignal): Task<FileRecord> {
  const known = yield* makeRoom(store, place);
  const current = known?.record;
  try {
    checkWrite(current, change.condition);
    if (change.guard !== undefined) yield* change.guard();
    signal.throwIfAborted();
  } catch (error) {
    if (current === undefined) yield* pruneBoth(store, place);
    throw error;
  }

  const staged = yield* afterCurrent(store, change.staged, current);
  let record = newRecord(staged, change.content);
  let archived: Prepared | undefined;
  try {
    if (current !== undefined && store.settings.versions !== undefined) {
      archived = yield* archiveLinked(store, place, current);
      record = { ...record, number: archived.number + 1 };
    }
    if (known === undefined) yield* createRecords(store, place, record);
    else yield* addRecord(store, place, record, known);
    yield* putInPlace(store, place, staged.path, change.condition);
  } catch (error) {
    yield* repair(store, place);
    throw error;
  }
  if (store.settings.powerSafe) yield* syncFolder(dirname(place.data.path));
  if (archived !== undefined) yield* tidyVersions(store, place, archived);
  return record;
}

/** The record of a new revision. */
function newRecord({ inode, modified, size, crc32 }: Omit<Staged, 'path'>, content: Content): FileRecord {
  return { revision: newRevision(), inode, modified, size, crc32, ...content };
}

/** Folders for the file and its records, and what is there now. Refuses a key that is a folder of others. */
export function* makeRoom(store: Store, place: Place): Task<Current | undefined> {
  try {
    return yield* roomFor(store, place);
  } catch (error) {
    yield* pruneBoth(store, place);
    throw error;
  }
}

function* roomFor(store: Store, place: Place): Task<Current | undefined> {
  yield* makeFolders(store, place.data);
  yield* makeFolders(store, place.metadata);
  const innermost = place.data.folders.at(-1);
  if (innermost !== undefined && !(yield* isSpelledSo(store, innermost))) {
    throw keyConflict('a folder of the key is stored in another case, and this disk cannot keep both');
  }
  const current = yield* currentUnderLock(store, place);
  if (current !== 'folder') return current;
  // Folders without a file are nobody's keys.
  if (yield* removeHollow(store, place.data.path)) return undefined;
  throw keyConflict('the key is a folder of other keys');
}

/** The commit point. Only a link can tell, in the same step, that nothing was there. */
function* putInPlace(store: Store, { data }: Place, from: string, { ifAbsent }: WriteCondition): Task<void> {
  try {
    yield* inFolders(store, data, () => (ifAbsent === true ? link(from, data.path) : renameOver(from, data.path)));
  } catch (error) {
    if (ifAbsent === true && hasCode(error, 'EEXIST')) throw alreadyExists();
    throw hasCode(error, 'EISDIR', 'ENOTEMPTY', 'EEXIST') ? keyConflict('the key is a folder of other keys') : error;
  }
  if (ifAbsent === true) yield* discard({ path: from });
}

/** Folders that were made for a write that is refused. */
function* pruneBoth(store: Store, { data, metadata }: Place): Task<void> {
  yield* pruneFolders(store, data);
  yield* pruneFolders(store, metadata);
}

/** Time does not go back from one revision to the next, even if the clock does. */
function* afterCurrent(store: Store, staged: Staged, current: FileRecord | undefined): Task<Staged> {
  if (current === undefined || staged.modified > current.modified) return staged;
  const fd = yield* open(staged.path, readFlags);
  try {
    return { ...staged, ...(yield* seal(store, fd, current.modified)) };
  } finally {
    yield* close(fd);
  }
}
