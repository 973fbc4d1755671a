import { ifThere, readSmallDirectory } from '../disk/calls.ts';
import { hasFolders } from '../disk/folders.ts';
import { parseJson } from '../disk/json.ts';
import type { Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import type { Place, Spot } from '../names/place.ts';
import { lookForFile } from '../object/look.ts';
import { type FileRecord, isRecord, recordByHand } from '../object/record.ts';

/** An earlier version of a key: a file `<time>-<number>-<revision>` in its folder, and its record beside it. */
export interface Archived {
  readonly path: string;
  readonly recordPath: string;
  /** When it ceased to be the current one, in milliseconds since 1970. */
  readonly archivedAt: number;
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
const namePattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(\d+)-([0-9a-z]+)$/;

/** The earlier versions of a key, newest first. */
export function* historyOf(place: Place): Task<readonly Archived[]> {
  return (yield* hasFolders(folderSpot(place.versions))) ? yield* historyIn(place) : [];
}

/** The same in folders that have been looked at. */
export function* historyIn({ versions }: Place): Task<readonly Archived[]> {
  const names = new Set((yield* ifThere(readSmallDirectory(versions.path))) ?? []);
  const stems = new Set(
    [...names].map((name) => (name.endsWith(recordSuffix) ? name.slice(0, -recordSuffix.length) : name)),
  );
  return [...stems]
    .flatMap((stem) => archivedAt(versions.path, stem, names.has(stem)))
    .sort((a, b) => b.number - a.number);
}

/** A spot inside the folder of versions, so that the folder itself is looked at, made and pruned like those above. */
export function folderSpot(versions: Spot): Pick<Spot, 'folders'> {
  return { folders: [...versions.folders, versions.path] };
}

/** The name of a new version. */
export function archivedName(time: Date, number: number, revision: string): string {
  const stamp = time.toISOString().replace(/[-:.]/g, '');
  return `${stamp}-${String(number).padStart(6, '0')}-${revision}`;
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

function archivedAt(folder: string, stem: string, hasFile: boolean): Archived[] {
  const match = namePattern.exec(stem);
  if (match === null) return [];
  const [, year, month, day, hour, minute, second, ms, number, revision] = match;
  return [
    {
      path: `${folder}/${stem}`,
      recordPath: `${folder}/${stem}${recordSuffix}`,
      archivedAt: Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`),
      number: Number(number),
      revision: revision ?? '',
      hasFile,
    },
  ];
}
