import { ifThere, unlink } from '../disk/calls.ts';
import { pruneFolders } from '../disk/folders.ts';
import type { Task } from '../disk/task.ts';
import type { Place } from '../names/place.ts';
import type { Store } from '../store.ts';
import { removeVersion } from '../versions/archive.ts';
import { archivedRecord, folderSpot, historyOf } from '../versions/history.ts';
import { isOtherKey, lookUnderLock } from './current.ts';
import { cutLog, removeRecords } from './record-store.ts';

/**
 * Removes what an interrupted change of a key left behind. None of it counts, so nothing that is seen changes: records
 * without a file or of one that did not come, versions of a revision that is still the current one. Only under the lock of the key.
 */
export function* repair(store: Store, place: Place): Task<void> {
  const current = yield* lookUnderLock(store, place);
  const revision = current?.record.revision;
  if (current !== undefined) yield* cutLog(place, current);
  else if (!(yield* isOtherKey(store, place))) {
    yield* removeRecords(place);
    yield* pruneFolders(store, place.metadata);
    yield* pruneFolders(store, place.data);
  }
  for (const version of yield* historyOf(store, place)) {
    const known = version.revision === revision ? undefined : yield* archivedRecord(version);
    if (known === undefined) yield* removeVersion(version);
    else if (known.record === undefined) yield* ifThere(unlink(version.path));
  }
  yield* pruneFolders(store, folderSpot(place.versions));
}
