import { dirname } from 'node:path';
import type { CopyRequest } from '@storage/core/driver';
import { hasErrno, unlink } from '../disk/calls.ts';
import { hasFolders, inFolders, syncFolder } from '../disk/folders.ts';
import { keyConflict } from '../disk/refuse.ts';
import { renameOver } from '../disk/rename-over.ts';
import type { Task } from '../disk/task.ts';
import { locked } from '../lock/lock.ts';
import type { Place } from '../names/place.ts';
import { place, type Store } from '../store.ts';
import { archiveLinked, tidyVersions } from '../versions/archive.ts';
import { makeRoom } from './commit.ts';
import { checkMatch, checkWrite } from './conditions.ts';
import { contentOf, keep } from './copy.ts';
import { crcOfFile } from './crc.ts';
import { findUnderLock } from './current.ts';
import { missing } from './read.ts';
import type { FileRecord } from './record.ts';
import { replaceRecords } from './record-store.ts';
import { rehearseTime, setTime } from './rehearse.ts';
import { clearAway } from './remove.ts';
import { repair } from './repair.ts';
import { newRevision } from './revision.ts';

/** Renames the file: in one step it is gone at the old key and there at the new one. */
export function* move(store: Store, request: CopyRequest, signal: AbortSignal): Task<FileRecord> {
  const from = place(store, request.source.key);
  const to = place(store, request.key);
  if (from.key === to.key) return yield* keep(store, to, request, signal);
  if (store.ignoresCase && from.lock.toLowerCase() === to.lock.toLowerCase()) {
    throw keyConflict('the keys differ only in case, and this disk cannot keep both');
  }
  if (!(yield* hasFolders(store, from.data))) return yield* missing(store);

  // Always in the same order, or two moves in opposite directions would wait for each other.
  const [first, second] = from.lock < to.lock ? [from.lock, to.lock] : [to.lock, from.lock];
  return yield* locked(store, first, signal, () =>
    locked(store, second, signal, () => moveLocked(store, from, to, request, signal)),
  );
}

function* moveLocked(
  store: Store,
  from: Place,
  to: Place,
  request: CopyRequest,
  signal: AbortSignal,
): Task<FileRecord> {
  const source = yield* findUnderLock(store, from);
  if (source === undefined) return yield* missing(store);
  checkMatch(source, request.source.ifMatch);
  const replaced = (yield* makeRoom(store, to))?.record;
  checkWrite(replaced, request.condition);
  signal.throwIfAborted();

  const keepsVersions = store.settings.versions !== undefined;
  const crc32 = source.crc32 ?? (yield* crcOfFile(from.data.path));
  const { inode, modified, size } = source;
  const moved = { revision: newRevision(), inode, modified, size, crc32, ...contentOf(source, request) };
  const time = yield* rehearseTime(store, Math.max(modified, replaced?.modified ?? 0));
  const renewed = { ...moved, modified: time.modified };
  try {
    if (replaced !== undefined && keepsVersions) yield* archiveLinked(store, to, replaced);
    if (keepsVersions) yield* archiveLinked(store, from, source, true);
    yield* replaceRecords(store, to, [renewed, moved, ...(replaced === undefined ? [] : [replaced])]);
    // A rename between two names of one file does nothing: hard links that somebody made by hand.
    const isOneFile = replaced?.inode === inode;
    yield* inFolders(store, to.data, () =>
      isOneFile ? unlink(from.data.path) : renameOver(from.data.path, to.data.path),
    );
  } catch (error) {
    yield* repair(store, to);
    yield* repair(store, from);
    throw error;
  }
  const isRenewed = yield* tryToSetTime(to, time);
  if (store.settings.powerSafe) yield* syncFolder(dirname(to.data.path));
  yield* clearAway(store, from);
  yield* tidyVersions(store, from);
  yield* tidyVersions(store, to);
  return isRenewed ? renewed : moved;
}

/** The move is made; a new time only keeps its etag from being one that the new key has had before. */
function* tryToSetTime(to: Place, time: Parameters<typeof setTime>[1]): Task<boolean> {
  try {
    yield* setTime(to.data.path, time);
    return true;
  } catch (error) {
    if (!hasErrno(error)) throw error;
    return false;
  }
}
