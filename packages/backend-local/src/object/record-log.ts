import { DriverFault } from '@storage/core/driver';
import { parseJson } from '../disk/json.ts';
import { type FileRecord, isRecord } from './record.ts';
import type { Stamp } from './stamp.ts';

/**
 * The text of a file in `metadata/`: a line that names the key, and one for each record, oldest first. A record is added
 * before its file takes its place, so which one counts is told by the stamp of the file. A line that does not end was
 * interrupted, and is none.
 */
export type RecordLog = string;

const start = '{"format":1,"key":';

/** A log with these records, newest first. */
export function writeLog(key: string, records: readonly FileRecord[]): RecordLog {
  return `${start}${JSON.stringify(key)}}\n${records.map(lineOf).reverse().join('')}`;
}

/** The line of a record. It begins with the stamp, which is what is looked for. */
export function lineOf({ inode, modified, size, ...rest }: FileRecord): string {
  return `${JSON.stringify({ inode, modified, size, ...rest })}\n`;
}

/** The record of the file that has this stamp; undefined when there is none. Throws `Corrupted`. */
export function recordOf(log: RecordLog, stamp: Stamp): FileRecord | undefined {
  const line = lineWith(log, stamp);
  return line && parseRecord(log.slice(line.start, line.end));
}

/** The two newest records, newest first; none of an empty log, which is what an interrupted write may have left. Throws `Corrupted`. */
export function latestOf(log: RecordLog): readonly FileRecord[] {
  if (log === '') return [];
  const [header = '', ...lines] = log
    .slice(0, log.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  if (keyOf(header) === undefined || lines.length === 0) throw unreadable();
  return lines.slice(-2).map(parseRecord).reverse();
}

/** The key that a log names; undefined when it is no log. */
export function keyOf(log: RecordLog): string | undefined {
  if (!log.startsWith(start)) return undefined;
  const header = parseJson(log.split('\n', 1)[0] ?? '') as { readonly key?: unknown } | undefined;
  return typeof header?.key === 'string' ? header.key : undefined;
}

/** Whether records can be added: its last line has an end. */
export function isWhole(log: RecordLog): boolean {
  return log.endsWith('\n');
}

/** The log up to the record of a file, without those that were added for files that never took its place. */
export function logUpTo(log: RecordLog, stamp: Stamp): RecordLog {
  const line = lineWith(log, stamp);
  return line === undefined ? log : log.slice(0, line.end + 1);
}

function lineWith(
  log: RecordLog,
  { inode, modified, size }: Stamp,
): { readonly start: number; readonly end: number } | undefined {
  if (log === '') return undefined;
  if (!log.startsWith(start)) throw unreadable();
  const found = log.lastIndexOf(`\n{"inode":${String(inode)},"modified":${String(modified)},"size":${String(size)},`);
  const end = found === -1 ? -1 : log.indexOf('\n', found + 1);
  return end === -1 ? undefined : { start: found + 1, end };
}

function parseRecord(line: string): FileRecord {
  const record = parseJson(line);
  if (!isRecord(record)) throw unreadable();
  return record;
}

function unreadable(): DriverFault {
  return new DriverFault('Corrupted', 'the record in metadata/ cannot be read');
}
