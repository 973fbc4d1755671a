import { ifThere, readSmallDirectory } from '../disk/calls.ts';
import { hasFolders } from '../disk/folders.ts';
import { parseJson } from '../disk/json.ts';
import type { Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import type { Place, Spot } from '../names/place.ts';
import { lookForFile } from '../object/look.ts';
import { type FileRecord, isRecord, recordByHand } from '../object/record.ts';
import type { Store } from '../store.ts';

/** An earlier version of a key: a file `<time>-<number>-<revision>` in its folder, and its record beside it. */
export interface Archived {
  readonly path: string;
  readonly recordPath: string;
  /** When it ceased to be the current one, as names tell it: as texts, they are in the order of time. */
  readonly archivedAt: string;
  /** Counts the versions of a key: their order, also when the clock was set back. */
  readonly number: number;
  readonly revision: string;
  /** Without a file it is what is left of a deletion whose version was removed, or of an interrupted write. */
  readonly hasFile: boolean;
}

/** What is known of an earlier version. */
export interface ArchivedRecord {
  readonly key: string;
  /** Absent when the version itself was removed, and only its deletion is left. */
  readonly record?: FileRecord | undefined;
  /** Whether it ceased to be the current one by being deleted. */
  readonly deleted: boolean;
}

const recordSuffix = '.json';
const namePattern = /^\d{8}T\d{9}Z-\d+-[0-9a-z]+$/;
const stampLength = '20260101T000000000Z'.length;

/** The earlier versions of a key, newest first. */
export function* historyOf(store: Store, place: Place): Task<readonly Archived[]> {
  return (yield* hasFolders(store, folderSpot(place.versions))) ? yield* historyIn(place) : [];
}

/** The same in folders that have been looked at. */
export function* historyIn({ versions }: Place): Task<readonly Archived[]> {
  const found = new Map<string, NamedVersion>();
  for (const name of (yield* ifThere(readSmallDirectory(versions.path))) ?? []) {
    const isRecord = name.endsWith(recordSuffix);
    const stem = isRecord ? name.slice(0, -recordSuffix.length) : name;
    const known = found.get(stem);
    if (known !== undefined) known.hasFile = true;
    else if (namePattern.test(stem)) found.set(stem, new NamedVersion(versions.path, stem, !isRecord));
  }
  return [...found.values()].sort((a, b) => b.number - a.number);
}

/** A spot inside the folder of versions, so that the folder itself is looked at, made and pruned like those above. */
export function folderSpot(versions: Spot): Pick<Spot, 'folders'> {
  return { folders: [...versions.folders, versions.path] };
}

/** The name of a new version. */
export function archivedName(archivedAt: string, number: number, revision: string): string {
  return `${archivedAt}-${String(number).padStart(6, '0')}-${revision}`;
}

/** A time, in milliseconds since 1970, as in the name of a version. */
export function stampOf(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:.]/g, '');
}

/** The time that a name tells. */
export function timeOf(stamp: string): Date {
  return new Date(stamp.replace(/^(....)(..)(..T..)(..)(..)/, '$1-$2-$3:$4:$5.'));
}

/** What is known of a version; of a file without a record, what it says itself. */
export function* archivedRecord(version: Archived): Task<ArchivedRecord | undefined> {
  const text = yield* ifThere(readText(version.recordPath));
  const known = text === undefined ? undefined : (parseJson(text) as Partial<ArchivedRecord> | undefined);
  if (isRecord(known?.record) && version.hasFile) return known as ArchivedRecord;
  if (known?.deleted === true && known.record === undefined) return known as ArchivedRecord;
  if (!version.hasFile) return undefined;
  const stamp = yield* lookForFile(version.path);
  return stamp && { key: '', record: { ...recordByHand(stamp), revision: version.revision }, deleted: false };
}

/** What a name tells: a key may have many thousands, and each write looks at all of them. */
class NamedVersion implements Archived {
  readonly number: number;
  readonly revision: string;
  hasFile: boolean;
  readonly #folder: string;
  readonly #stem: string;

  constructor(folder: string, stem: string, hasFile: boolean) {
    this.#folder = folder;
    this.#stem = stem;
    this.hasFile = hasFile;
    const revisionAt = stem.indexOf('-', stampLength + 1) + 1;
    this.number = Number(stem.slice(stampLength + 1, revisionAt - 1));
    this.revision = stem.slice(revisionAt);
  }

  get path(): string {
    return `${this.#folder}/${this.#stem}`;
  }

  get recordPath(): string {
    return `${this.path}${recordSuffix}`;
  }

  get archivedAt(): string {
    return this.#stem.slice(0, stampLength);
  }
}
