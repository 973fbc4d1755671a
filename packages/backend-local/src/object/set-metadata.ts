import type { ObjectInfo, SetMetadataRequest } from '@storage/core/driver';
import { hasCode } from '../disk/calls.ts';
import { hasFolders, syncFolder } from '../disk/folders.ts';
import type { Task } from '../disk/task.ts';
import { locked } from '../lock/lock.ts';
import type { Place } from '../names/place.ts';
import { place, type Store } from '../store.ts';
import { archiveLinked, type Prepared, tidyVersions } from '../versions/archive.ts';
import { commitLocked } from './commit.ts';
import { checkMatch } from './conditions.ts';
import { crcOfFile } from './crc.ts';
import { findUnderLock } from './current.ts';
import { missing } from './read.ts';
import { type Content, type FileRecord, infoOf } from './record.ts';
import { replaceRecords } from './record-store.ts';
import { rehearseTime, setTime } from './rehearse.ts';
import { repair } from './repair.ts';
import { newRevision } from './revision.ts';
import { stageCopy } from './stage-copy.ts';

/**
 * Makes a new revision of the same bytes with other metadata. The file stays, and gets a new time: that is the commit
 * point, since the new record is the one that has this time.
 */
export function* setMetadata(store: Store, request: SetMetadataRequest, signal: AbortSignal): Task<ObjectInfo> {
  const { key, headers, metadata, ifMatch } = request;
  const where = place(store, key);
  if (!(yield* hasFolders(store, where.data))) return yield* missing(store);

  return yield* locked(store, where.lock, signal, function* () {
    const current = yield* findUnderLock(store, where);
    if (current === undefined) return yield* missing(store);
    checkMatch(current, ifMatch);
    signal.throwIfAborted();
    const { tags, token } = current;
    const record = yield* revise(store, where, current, { headers, metadata, tags, token }, signal);
    return infoOf(key, record, store.settings.versions !== undefined);
  });
}

function* revise(
  store: Store,
  where: Place,
  current: FileRecord,
  content: Content,
  signal: AbortSignal,
): Task<FileRecord> {
  const time = yield* rehearseTime(store, current.modified);
  const crc32 = current.crc32 ?? (yield* crcOfFile(where.data.path));
  const { inode, size } = current;
  let record: FileRecord = { revision: newRevision(), inode, modified: time.modified, size, crc32, ...content };
  let archived: Prepared | undefined;
  try {
    if (store.settings.versions !== undefined) {
      archived = yield* archiveLinked(store, where, current);
      record = { ...record, number: archived.number + 1 };
    }
    yield* replaceRecords(store, where, [record, current]);
    yield* setTime(where.data.path, time);
  } catch (error) {
    yield* repair(store, where);
    if (!hasCode(error, 'EPERM', 'EACCES')) throw error;
    // Only the owner of a file may set its time; anybody may put a copy in its place.
    const staged = yield* stageCopy(store, where.data.path, current);
    return yield* commitLocked(store, where, { staged, content, condition: {} }, signal);
  }
  if (store.settings.powerSafe) yield* syncFile(where);
  if (archived !== undefined) yield* tidyVersions(store, where, archived);
  return record;
}

function* syncFile({ data }: Place): Task<void> {
  yield* syncFolder(data.path);
}
