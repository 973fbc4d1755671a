import { DriverFault, type VersionsMember } from '@storage/core/driver';
import { checkBase } from '../disk/layout.ts';
import type { Task } from '../disk/task.ts';
import { seeCurrent } from '../object/open.ts';
import { entryOf, type FileRecord } from '../object/record.ts';
import { place, type Store } from '../store.ts';
import { type Archived, archivedRecord, historyOf, timeOf } from './history.ts';
import { markerOf } from './marker.ts';

type Page = Awaited<ReturnType<VersionsMember['list']>>;
type FileVersion = Page['versions'][number];

interface ListVersions {
  readonly key: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** Lines of a history have numbers: version n has 2n, its deletion, which is newer, 2n + 1. */
interface Line {
  readonly at: number;
  readonly version: FileVersion;
}

/** A page of the revisions of a key, newest first. */
export function* listVersions(store: Store, request: ListVersions, signal: AbortSignal): Task<Page> {
  const { key, limit, cursor } = request;
  const before = cursor === undefined ? Infinity : readCursor(cursor);
  const where = place(store, key);
  const current = yield* seeCurrent(store, where, signal);
  const history = store.histories.take(keptAs(key, cursor)) ?? (yield* historyOf(store, where));
  if (current === undefined && history.length === 0) yield* checkBase(store);

  const lines: Line[] = [];
  // Whatever is newest is on the first page.
  const isFirst = cursor === undefined;
  let isNewest = isFirst && current === undefined;
  if (isFirst && current !== undefined) {
    const at = 2 * ((history[0]?.number ?? 0) + 1);
    lines.push({ at, version: toVersion(key, current, true) });
  }
  for (const version of history) {
    if (lines.length > limit) break;
    // A version of the revision that is still the current one is what an interrupted write left.
    if (version.revision === current?.revision || 2 * version.number >= before) {
      isNewest &&= version.revision === current?.revision;
      continue;
    }
    const found = yield* linesOf(key, version, isNewest);
    lines.push(...found.filter(({ at }) => at < before));
    isNewest &&= found.length === 0;
  }
  const page = lines.slice(0, limit);
  const last = page.at(-1);
  const versions = page.map((line) => line.version);
  if (last === undefined || page.length === lines.length) return { versions };

  const next = `v${String(last.at)}`;
  const rest = history.filter(({ number }) => 2 * number < last.at);
  store.histories.keep(keptAs(key, next), rest);
  return { versions, cursor: next };
}

/** Cursors of different keys are alike. */
function keptAs(key: string, cursor = ''): string {
  return `${cursor} ${key}`;
}

function* linesOf(key: string, version: Archived, isNewest: boolean): Task<Line[]> {
  const known = yield* archivedRecord(version);
  const lines: Line[] = [];
  if (known?.deleted === true) lines.push({ at: 2 * version.number + 1, version: toDeletion(key, version, isNewest) });
  if (known?.record !== undefined) lines.push({ at: 2 * version.number, version: toVersion(key, known.record, false) });
  return lines;
}

function toVersion(key: string, record: FileRecord, isCurrent: boolean): FileVersion {
  return { ...entryOf(key, record), versionId: record.revision, isCurrent, isDeleteMarker: false };
}

function toDeletion(key: string, { revision, archivedAt }: Archived, isCurrent: boolean): FileVersion {
  const lastModified = timeOf(archivedAt);
  return { key, size: 0, etag: '', lastModified, versionId: markerOf(revision), isCurrent, isDeleteMarker: true };
}

function readCursor(cursor: string): number {
  if (/^v\d{1,15}$/.test(cursor)) return Number(cursor.slice(1));
  throw new DriverFault('InvalidArgument', 'the cursor is not from a list of versions');
}
