import { dirname } from 'node:path';
import type { RemoveRequest, RemoveResponse } from '@storage/core/driver';
import { ifThere, isAbsence, rename, unlink } from '../disk/calls.ts';
import { hasFolders, pruneFolders, syncFolder } from '../disk/folders.ts';
import { checkBase } from '../disk/layout.ts';
import { notFound } from '../disk/refuse.ts';
import type { Task } from '../disk/task.ts';
import { locked } from '../lock/lock.ts';
import type { Place } from '../names/place.ts';
import { place, type Store } from '../store.ts';
import { type Prepared, prepareVersion, tidyVersions } from '../versions/archive.ts';
import { markerOf } from '../versions/marker.ts';
import { checkMatch } from './conditions.ts';
import { findUnderLock, stampUnderLock } from './current.ts';
import { look } from './look.ts';
import type { FileRecord } from './record.ts';
import { removeRecords } from './record-store.ts';
import { repair } from './repair.ts';

/** Deletes the current object, which moves to `versions/` where these are kept. */
export function* remove(store: Store, request: RemoveRequest, signal: AbortSignal): Task<RemoveResponse> {
  const where = place(store, request.key);
  // Nothing there: nothing to lock.
  if (!(yield* isThere(store, where))) return yield* removeNothing(store, request);

  return yield* locked(store, where.lock, signal, () => removeUnderLock(store, where, request, signal));
}

function* removeUnderLock(
  store: Store,
  where: Place,
  request: RemoveRequest,
  signal: AbortSignal,
): Task<RemoveResponse> {
  if (store.settings.versions === undefined) return yield* eraseUnderLock(store, where, request, signal);
  const current = yield* findUnderLock(store, where);
  if (current === undefined) return yield* removeNothing(store, request);
  checkMatch(current, request.ifMatch);
  signal.throwIfAborted();
  yield* archive(store, where, current);
  return { existed: true, versionId: markerOf(current.revision), deleteMarker: true };
}

/** Where no versions are kept, nobody needs to know what the record says. */
function* eraseUnderLock(
  store: Store,
  where: Place,
  request: RemoveRequest,
  signal: AbortSignal,
): Task<RemoveResponse> {
  if (request.ifMatch !== undefined || store.ignoresCase) {
    const stamp = yield* stampUnderLock(store, where);
    if (stamp === undefined) return yield* removeNothing(store, request);
    checkMatch(stamp, request.ifMatch);
  }
  signal.throwIfAborted();
  if (!(yield* unlinkCurrent(store, where))) return yield* removeNothing(store, request);
  yield* clearAway(store, where);
  return { existed: true };
}

/** Removes the file of a key; false when there is none any more. A link that was put there since it was looked at would only lose its name. */
function* unlinkCurrent(store: Store, { data, metadata }: Place): Task<boolean> {
  yield* hasFolders(store, metadata);
  if (!(yield* hasFolders(store, data))) return false;
  try {
    yield* unlink(data.path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    // What systems say of a folder differs, and some say the same of a file that must not be removed.
    if ((yield* look(data.path)) === 'folder') return false;
    throw error;
  }
}

/** Moves the current object to its versions. */
function* archive(store: Store, where: Place, current: FileRecord): Task<void> {
  let archived: Prepared;
  try {
    archived = yield* prepareVersion(store, where, current, true);
    yield* rename(where.data.path, archived.path);
  } catch (error) {
    yield* repair(store, where);
    throw error;
  }
  yield* clearAway(store, where);
  yield* tidyVersions(store, where, archived);
}

/** What is left to do when the file of a key is gone. */
export function* clearAway(store: Store, where: Place): Task<void> {
  const { data, versions } = where;
  if (store.settings.powerSafe) {
    yield* syncFolder(dirname(data.path));
    // Where the only version was the current one, there is no folder of earlier ones.
    if (store.settings.versions !== undefined) yield* ifThere(syncFolder(versions.path));
  }
  yield* removeRecords(where);
  // While there are records of other keys, their files are in the folder as well.
  if (yield* pruneFolders(store, where.metadata)) yield* pruneFolders(store, data);
}

/** Whether there may be an object; under the lock, the folders are looked at as well. */
function* isThere(store: Store, { data }: Place): Task<boolean> {
  const seen = yield* look(data.path);
  if (seen !== undefined && seen !== 'folder') return true;
  // What leads to nothing may be a link.
  yield* hasFolders(store, data);
  return false;
}

/** Answers for a key that has no object. */
export function* removeNothing(store: Store, { mustExist, ifMatch, versionId }: RemoveRequest): Task<RemoveResponse> {
  yield* checkBase(store);
  checkMatch(undefined, ifMatch);
  if (mustExist === true) throw notFound(versionId === undefined ? 'object' : 'version');
  return { existed: false };
}
