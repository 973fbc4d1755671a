import { close } from '../disk/calls.ts';
import type { Task } from '../disk/task.ts';
import type { Place } from '../names/place.ts';
import { type Opened, openCurrent, openIfThere, seeCurrent } from '../object/open.ts';
import type { FileRecord } from '../object/record.ts';
import type { Store } from '../store.ts';
import { archivedRecord, historyOf } from './history.ts';

/** An earlier version that has a file. */
export interface Version {
  readonly path: string;
  readonly record: FileRecord;
}

/** How often a version is looked for: it may be on its way from `data/` to `versions/`, or back. */
const looks = 3;

/** An earlier version by its id; undefined when there is none. */
export function* findArchived(store: Store, place: Place, versionId: string): Task<Version | undefined> {
  const version = (yield* historyOf(store, place)).find(({ revision, hasFile }) => hasFile && revision === versionId);
  const known = version && (yield* archivedRecord(version));
  return version === undefined || known?.record === undefined
    ? undefined
    : { path: version.path, record: known.record };
}

/** The record of a version, an earlier or the current one. */
export function* seeVersion(
  store: Store,
  place: Place,
  versionId: string,
  signal: AbortSignal,
): Task<FileRecord | undefined> {
  for (let look = 0; look < looks; look++) {
    const archived = yield* findArchived(store, place, versionId);
    if (archived !== undefined) return archived.record;
    const current = yield* seeCurrent(store, place, signal);
    if (current?.revision === versionId) return current;
  }
  return undefined;
}

/** Opens a version, an earlier or the current one. */
export function* openVersion(
  store: Store,
  place: Place,
  versionId: string,
  signal: AbortSignal,
): Task<Opened | undefined> {
  for (let look = 0; look < looks; look++) {
    const archived = yield* findArchived(store, place, versionId);
    const fd = archived && (yield* openIfThere(archived.path));
    if (archived !== undefined && fd !== undefined) return { fd, record: archived.record };
    const current = yield* openCurrent(store, place, signal);
    if (current?.record.revision === versionId) return current;
    if (current !== undefined) yield* close(current.fd);
  }
  return undefined;
}
