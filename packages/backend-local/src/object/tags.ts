import { hasFolders } from '../disk/folders.ts';
import type { Task } from '../disk/task.ts';
import { locked } from '../lock/lock.ts';
import { place, type Store } from '../store.ts';
import { seeVersion } from '../versions/find.ts';
import { findUnderLock } from './current.ts';
import { seeCurrent } from './open.ts';
import { missing } from './read.ts';
import { replaceRecords } from './record-store.ts';

interface TagsOf {
  readonly key: string;
  readonly versionId?: string;
}

export function* getTags(store: Store, { key, versionId }: TagsOf, signal: AbortSignal): Task<Record<string, string>> {
  const where = place(store, key);
  const record =
    versionId === undefined
      ? yield* seeCurrent(store, where, signal)
      : yield* seeVersion(store, where, versionId, signal);
  if (record === undefined) return yield* missing(store, versionId);
  return { ...record.tags };
}

/** Tags belong to a revision and change without making a new one: replacing the record is the commit point. */
export function* setTags(
  store: Store,
  { key, tags }: { readonly key: string; readonly tags: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Task<void> {
  const where = place(store, key);
  if (!(yield* hasFolders(store, where.data))) return yield* missing(store);
  yield* locked(store, where.lock, signal, function* () {
    const current = yield* findUnderLock(store, where);
    if (current === undefined) return yield* missing(store);
    signal.throwIfAborted();
    yield* replaceRecords(store, where, [{ ...current, tags: { ...tags } }]);
  });
}
