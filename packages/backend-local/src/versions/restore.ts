import { pruneFolders } from '../disk/folders.ts';
import { checkBase } from '../disk/layout.ts';
import { notFound } from '../disk/refuse.ts';
import type { Task } from '../disk/task.ts';
import { locked } from '../lock/lock.ts';
import { copy } from '../object/copy.ts';
import { seeCurrent } from '../object/open.ts';
import type { FileRecord } from '../object/record.ts';
import { place, type Store } from '../store.ts';
import { removeVersion } from './archive.ts';
import { bringBack } from './bring-back.ts';
import { archivedRecord, folderSpot, historyOf } from './history.ts';

/** Commits a copy of a version as a new revision of the same key. */
export function* restore(
  store: Store,
  { key, versionId }: { readonly key: string; readonly versionId: string },
  signal: AbortSignal,
): Task<FileRecord> {
  return yield* copy(store, { source: { key, versionId }, key, condition: {} }, signal);
}

/** Brings the newest version back when the object was deleted; the deletion is forgotten. */
export function* undelete(store: Store, { key }: { readonly key: string }, signal: AbortSignal): Task<FileRecord> {
  const where = place(store, key);
  const current = yield* seeCurrent(store, where, signal);
  if (current !== undefined) return current;
  if ((yield* historyOf(store, where)).length === 0) {
    yield* checkBase(store);
    throw nothingToUndelete();
  }

  return yield* locked(store, where.lock, signal, function* () {
    const there = yield* seeCurrent(store, where, signal);
    if (there !== undefined) return there;
    for (const version of yield* historyOf(store, where)) {
      const known = yield* archivedRecord(version);
      if (known?.record !== undefined) return yield* bringBack(store, where, version, known.record);
      // A deletion whose version is gone, and which is undone now.
      yield* removeVersion(version);
    }
    yield* pruneFolders(store, folderSpot(where.versions));
    throw nothingToUndelete();
  });
}

function nothingToUndelete() {
  return notFound('version');
}
