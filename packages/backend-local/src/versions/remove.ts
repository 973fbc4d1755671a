import type { RemoveRequest, RemoveResponse } from '@storage/core/driver';
import { ifThere, rename, unlink } from '../disk/calls.ts';
import { hasFolders, pruneFolders } from '../disk/folders.ts';
import type { Task } from '../disk/task.ts';
import { locked } from '../lock/lock.ts';
import type { Place } from '../names/place.ts';
import { checkMatch } from '../object/conditions.ts';
import { findUnderLock } from '../object/current.ts';
import { createDurably } from '../object/record-store.ts';
import { clearAway, removeNothing } from '../object/remove.ts';
import { inStaging } from '../object/staging.ts';
import { place, type Store } from '../store.ts';
import { describe, removeVersion } from './archive.ts';
import { bringBack } from './bring-back.ts';
import { type Archived, type ArchivedRecord, archivedRecord, folderSpot, historyOf } from './history.ts';
import { deletedRevision } from './marker.ts';

/** Removes one version, or one deletion, for good. When it was the newest, the one before it becomes the current object. */
export function* removeVersionById(
  store: Store,
  request: RemoveRequest & { readonly versionId: string },
  signal: AbortSignal,
): Task<RemoveResponse> {
  const { key, versionId, ifMatch } = request;
  const where = place(store, key);
  // Nothing there: nothing to lock, and no folders to make for a lock.
  if (!(yield* hasFolders(store, folderSpot(where.versions))) && !(yield* hasFolders(store, where.data))) {
    return yield* removeNothing(store, request);
  }

  return yield* locked(store, where.lock, signal, function* () {
    const current = yield* findUnderLock(store, where);
    checkMatch(current, ifMatch);
    signal.throwIfAborted();

    if (current?.revision === versionId) {
      yield* removeCurrent(store, where);
      return { existed: true, versionId };
    }
    const deleted = deletedRevision(versionId);
    const version = (yield* historyOf(store, where)).find(({ revision }) => revision === (deleted ?? versionId));
    const known = version && (yield* archivedRecord(version));
    if (version === undefined || known === undefined) return yield* removeNothing(store, request);

    if (deleted !== undefined && known.deleted) {
      yield* removeDeletion(store, where, version, known, current === undefined);
      return { existed: true, versionId, deleteMarker: true };
    }
    if (deleted !== undefined || known.record === undefined) return yield* removeNothing(store, request);
    yield* removeEarlier(store, version, known);
    yield* pruneFolders(store, folderSpot(where.versions));
    return { existed: true, versionId };
  });
}

function* removeCurrent(store: Store, where: Place): Task<void> {
  if (yield* promoteNewest(store, where)) return;
  yield* unlink(where.data.path);
  yield* clearAway(store, where);
}

/** The deletion of a version stays in the history when the version goes. */
function* removeEarlier(store: Store, version: Archived, known: ArchivedRecord): Task<void> {
  if (!known.deleted) return yield* removeVersion(version);
  yield* rewrite(store, version, { key: known.key, deleted: true });
  yield* ifThere(unlink(version.path));
}

function* removeDeletion(
  store: Store,
  where: Place,
  version: Archived,
  known: ArchivedRecord,
  isAbsent: boolean,
): Task<void> {
  const newest = (yield* historyOf(store, where))[0];
  const undeletes = isAbsent && newest?.number === version.number;
  // With its version the deletion goes in the same step.
  if (known.record !== undefined && undeletes) yield* bringBack(store, where, version, known.record);
  else if (known.record !== undefined) yield* rewrite(store, version, { ...known, deleted: false });
  else {
    yield* removeVersion(version);
    if (undeletes) yield* promoteNewest(store, where);
  }
  yield* pruneFolders(store, folderSpot(where.versions));
}

/** Makes the newest earlier version the current one, unless that is a deletion. */
function* promoteNewest(store: Store, where: Place): Task<boolean> {
  const newest = (yield* historyOf(store, where))[0];
  const known = newest && (yield* archivedRecord(newest));
  if (newest === undefined || known?.record === undefined || known.deleted) return false;
  yield* bringBack(store, where, newest, known.record);
  return true;
}

function* rewrite(store: Store, version: Archived, known: ArchivedRecord): Task<void> {
  const staged = yield* inStaging(store, (path) => createDurably(store, path, describe(known)));
  yield* rename(staged, version.recordPath);
}
