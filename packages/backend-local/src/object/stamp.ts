import type { Stats } from 'node:fs';

/**
 * What tells one revision of a file from every other: which file it is, when it was made, how long it is. Inodes are
 * used again, so the time is set by us and never twice the same.
 */
export interface Stamp {
  readonly inode: number;
  /** Microseconds since 1970. */
  readonly modified: number;
  readonly size: number;
}

export function stampOf(stats: Stats): Stamp {
  return { inode: stats.ino, modified: Math.round(stats.mtimeMs * 1000), size: stats.size };
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.inode === b.inode && a.modified === b.modified && a.size === b.size;
}

/** The etag of a revision. A listing asks for nothing but `lstat`, and gives the same one. */
export function etagOf({ inode, modified, size }: Stamp): string {
  return `"${base36(inode)}-${base36(modified)}-${base36(size)}"`;
}

const lowDigits = 36 ** 5;

/** In base 36. The engine prints what has more than 31 bits five times as slowly, and a listing prints a hundred thousand. */
function base36(value: number): string {
  if (value < lowDigits) return value.toString(36);
  return Math.floor(value / lowDigits).toString(36) + (value % lowDigits).toString(36).padStart(5, '0');
}

export function lastModifiedOf({ modified }: Stamp): Date {
  return new Date(Math.floor(modified / 1000));
}

let last = 0;

/** A time for a new revision, in microseconds: after `previous`, and no two alike, also if the clock is set back. */
export function nextTime(previous = 0): number {
  // The monotonic clock gives the digits below a millisecond: other processes hardly ever draw the same ones.
  const fraction = Math.floor((performance.now() * 1000) % 1000);
  last = Math.max(Date.now() * 1000 + fraction, last + 1);
  return Math.max(last, previous + 1);
}
