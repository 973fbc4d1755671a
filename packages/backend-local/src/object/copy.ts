import type { CopyRequest } from '@storage/core/driver';
import { ifThere } from '../disk/calls.ts';
import type { Task } from '../disk/task.ts';
import { locked } from '../lock/lock.ts';
import type { Place } from '../names/place.ts';
import { place, type Store } from '../store.ts';
import { findArchived } from '../versions/find.ts';
import { commit } from './commit.ts';
import { checkMatch, checkWrite } from './conditions.ts';
import { lookForFile } from './look.ts';
import { seeCurrent } from './open.ts';
import { missing } from './read.ts';
import type { Content, FileRecord } from './record.ts';
import type { Staged } from './stage.ts';
import { stageCopy, stageWhatIsThere } from './stage-copy.ts';
import { discard } from './staging.ts';
import { sameStamp } from './stamp.ts';

/** A copy of a source, and what its record said. */
interface Duplicate {
  readonly staged: Staged;
  readonly record: FileRecord;
}

/** How often a source that changes while it is copied is copied again, before it is locked. */
const attempts = 5;

/** Commits a copy of the source, of an earlier version too. */
export function* copy(store: Store, request: CopyRequest, signal: AbortSignal): Task<FileRecord> {
  const { source, key, condition, attributes } = request;
  const where = place(store, key);
  if (source.key === key && source.versionId === undefined && attributes === undefined) {
    return yield* keep(store, where, request, signal);
  }
  const from = place(store, source.key);
  const { staged, record } =
    source.versionId === undefined
      ? yield* duplicateCurrent(store, from, source.ifMatch, signal)
      : yield* duplicateVersion(store, from, source.versionId, source.ifMatch, signal);
  return yield* commit(store, where, { staged, condition, content: contentOf(record, request) }, signal);
}

/** What a copy says of itself: the source's own words, unless the request has others. The source's token is not its own. */
export function contentOf(source: FileRecord, { attributes, token }: CopyRequest): Content {
  const { headers, metadata } = attributes ?? source;
  const tags = attributes?.tags ?? source.tags;
  const own = token ?? attributes?.token;
  return { headers, metadata, ...(tags !== undefined && { tags }), ...(own !== undefined && { token: own }) };
}

/** A copy of an object onto itself changes nothing. */
export function* keep(
  store: Store,
  where: Place,
  { source, condition }: CopyRequest,
  signal: AbortSignal,
): Task<FileRecord> {
  const current = yield* seeCurrent(store, where, signal);
  if (current === undefined) return yield* missing(store);
  checkMatch(current, source.ifMatch);
  checkWrite(current, condition);
  return current;
}

function* duplicateCurrent(
  store: Store,
  from: Place,
  ifMatch: string | undefined,
  signal: AbortSignal,
): Task<Duplicate> {
  for (let n = 0; n < attempts; n++) {
    const duplicate = yield* tryToDuplicate(store, from, ifMatch, signal);
    if (duplicate !== undefined) return duplicate;
    signal.throwIfAborted();
  }
  return yield* locked(store, from.lock, signal, function* () {
    return (yield* tryToDuplicate(store, from, ifMatch, signal)) ?? (yield* missing(store));
  });
}

/** A copy of the current object; undefined when it was changed meanwhile. */
function* tryToDuplicate(
  store: Store,
  from: Place,
  ifMatch: string | undefined,
  signal: AbortSignal,
): Task<Duplicate | undefined> {
  const record = yield* seeCurrent(store, from, signal);
  if (record === undefined) return yield* missing(store);
  checkMatch(record, ifMatch);
  const staged = yield* ifThere(stageWhatIsThere(store, from.data.path, record));
  if (staged === undefined) return undefined;
  const now = yield* lookForFile(from.data.path);
  if (now !== undefined && sameStamp(now, record)) return { staged, record };
  yield* discard(staged);
  return undefined;
}

/** Versions do not change; but the current one may become an earlier one meanwhile. */
function* duplicateVersion(
  store: Store,
  from: Place,
  versionId: string,
  ifMatch: string | undefined,
  signal: AbortSignal,
): Task<Duplicate> {
  for (let n = 0; n < attempts; n++) {
    const archived = yield* findArchived(store, from, versionId);
    if (archived !== undefined) {
      checkMatch(archived.record, ifMatch);
      const staged = yield* ifThere(stageCopy(store, archived.path, archived.record));
      if (staged !== undefined) return { staged, record: archived.record };
    } else if ((yield* seeCurrent(store, from, signal))?.revision === versionId) {
      const duplicate = yield* tryToDuplicate(store, from, ifMatch, signal);
      if (duplicate?.record.revision === versionId) return duplicate;
      if (duplicate !== undefined) yield* discard(duplicate.staged);
    }
  }
  return yield* missing(store, versionId);
}
