import { hasCode } from '../disk/calls.ts';
import { hasFolders } from '../disk/folders.ts';
import type { Task } from '../disk/task.ts';
import { lockedIfFree } from '../lock/lock.ts';
import type { Place } from '../names/place.ts';
import type { Store } from '../store.ts';
import { recordByContent } from './current.ts';
import { lookForFile } from './look.ts';
import { type FileRecord, recordByHand } from './record.ts';
import { latestOf, type RecordLog, recordOf } from './record-log.ts';
import { logOf, replaceRecords } from './record-store.ts';
import { type Stamp, sameStamp } from './stamp.ts';

/**
 * The record of a file that a reader sees, who holds no lock. Undefined: the file was replaced or changed meanwhile,
 * look again.
 */
export function* recordSeen(store: Store, place: Place, stamp: Stamp): Task<FileRecord | undefined> {
  yield* hasFolders(store, place.metadata);
  const log = yield* logOf(place);
  const found = recordOf(log, stamp);
  if (found !== undefined) return found;

  // A record is there before its file. So none fits because the file is another by now, or was put there by hand.
  if (!(yield* isStill(place, stamp))) return undefined;
  const adopted = yield* recordByContent(place, stamp, latestOf(log));
  if (!(yield* isStill(place, stamp))) return undefined;
  if (adopted === undefined) return recordByHand(stamp);
  yield* restamp(store, place, adopted, log);
  return adopted;
}

function* restamp(store: Store, place: Place, adopted: FileRecord, log: RecordLog): Task<void> {
  try {
    yield* lockedIfFree(store, place.lock, function* () {
      if ((yield* logOf(place)) === log && (yield* isStill(place, adopted)))
        yield* replaceRecords(store, place, [adopted]);
    });
  } catch (error) {
    // It only saves reading the file again. A store that may not be written is read all the same.
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT')) throw error;
  }
}

function* isStill(place: Place, stamp: Stamp): Task<boolean> {
  const now = yield* lookForFile(place.data.path);
  return now !== undefined && sameStamp(now, stamp);
}
