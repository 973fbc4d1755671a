import { copyFile, hasCode, hasErrno, ifThere, link, unlink } from '../disk/calls.ts';
import { inFolders, makeFolders, pruneFolders, syncFolder } from '../disk/folders.ts';
import type { Task } from '../disk/task.ts';
import type { Place } from '../names/place.ts';
import type { FileRecord } from '../object/record.ts';
import { createDurably } from '../object/record-store.ts';
import type { Store } from '../store.ts';
import {
  type Archived,
  type ArchivedRecord,
  archivedName,
  folderSpot,
  historyIn,
  historyOf,
  stampOf,
} from './history.ts';

/** A version that is about to be archived, and those before it, newest first, if they were looked at. */
export interface Prepared extends Archived {
  readonly earlier: readonly Archived[] | undefined;
}

/** Among so many writes one looks whether versions are too many or too old, … */
const writesPerLook = 64;
/** … the first one after a pause of so many milliseconds does, … */
const pauseMs = 60_000;
/** … and each one does where no more than so many are kept. */
const fewVersions = 1000;

/**
 * Writes the record of a version that is about to be archived, and tells where its file goes. Until the file is there,
 * or while the object still has the same revision, the version does not count. Only under the lock of the key.
 */
export function* prepareVersion(store: Store, place: Place, record: FileRecord, deleted = false): Task<Prepared> {
  const spot = folderSpot(place.versions);
  // Not there for any key that is archived for the first time.
  yield* makeFolders(store, spot);
  return yield* inFolders(store, spot, () => describeVersion(store, place, record, deleted));
}

function* describeVersion(store: Store, place: Place, record: FileRecord, deleted: boolean): Task<Prepared> {
  const known = mayBeSurplus(store, record) ? undefined : record.number;
  const earlier = known === undefined ? yield* othersIn(place, record) : undefined;
  const number = known ?? Math.max(record.number ?? 0, (earlier?.[0]?.number ?? 0) + 1);
  const archivedAt = stampOf(Date.now());
  const path = `${place.versions.path}/${archivedName(archivedAt, number, record.revision)}`;
  const version = { path, recordPath: `${path}.json`, number, revision: record.revision, archivedAt };
  yield* createDurably(store, version.recordPath, describe({ key: place.key, record, deleted }));
  return { ...version, hasFile: true, earlier };
}

/** The versions that are there already, but for what an interrupted write has left of its own attempt at this one. */
function* othersIn(place: Place, { revision }: FileRecord): Task<Archived[]> {
  const others: Archived[] = [];
  for (const version of yield* historyIn(place)) {
    if (version.revision === revision) yield* removeVersion(version);
    else others.push(version);
  }
  return others;
}

/** Whether there may be versions that are too many or too old. To know it of many takes long, so not each write looks. */
function mayBeSurplus({ settings }: Store, { number, modified }: FileRecord): boolean {
  const keep = settings.versions?.keep ?? 0;
  if (number === undefined || number % writesPerLook === 0) return true;
  return Date.now() - modified / 1000 > pauseMs || (number > keep && keep <= fewVersions);
}

/** Archives the current file, which stays where it is until the next one takes its place. */
export function* archiveLinked(store: Store, place: Place, record: FileRecord, deleted = false): Task<Prepared> {
  const version = yield* prepareVersion(store, place, record, deleted);
  yield* linkOrCopy(place.data.path, version.path, record.size);
  if (store.settings.powerSafe) yield* syncFolder(place.versions.path);
  return version;
}

/** Removes a version for good: its file first, since a record without one does not count. */
export function* removeVersion(version: Archived): Task<void> {
  if (version.hasFile) yield* ifThere(unlink(version.path));
  yield* ifThere(unlink(version.recordPath));
}

/**
 * Applies the retention after a change. The change is made: what cannot be removed now is left to the next one.
 *
 * @param archived what the change archived, if it did
 */
export function* tidyVersions(store: Store, place: Place, archived?: Prepared): Task<void> {
  try {
    if (archived === undefined) yield* applyRetention(store, place);
    else if (archived.earlier !== undefined) yield* applyRetention(store, place, [archived, ...archived.earlier]);
  } catch (error) {
    if (!hasErrno(error)) throw error;
  }
}

/** Removes the versions that are too many or too old. `known`: all versions, newest first, where they were looked at. */
export function* applyRetention(store: Store, place: Place, known?: readonly Archived[]): Task<void> {
  const retention = store.settings.versions;
  if (retention === undefined) return;
  const { keep, maxAgeMs } = retention;
  const history = known ?? (yield* historyOf(store, place));
  const oldest = stampOf(Math.max(0, Date.now() - maxAgeMs));
  const surplus = history.filter((version, index) => index >= keep || version.archivedAt < oldest);
  for (const version of surplus) yield* removeVersion(version);
  // A folder that keeps any is not empty.
  if (surplus.length > 0 && surplus.length === history.length) yield* pruneFolders(store, folderSpot(place.versions));
}

export function describe(known: ArchivedRecord): string {
  return `${JSON.stringify({ format: 1, ...known })}\n`;
}

/** A second name for a file that nobody changes any more; a copy where the file system or its rules forbid that. */
function* linkOrCopy(from: string, to: string, size: number): Task<void> {
  try {
    yield* link(from, to);
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV')) throw error;
    yield* copyFile(from, to, size);
  }
}
