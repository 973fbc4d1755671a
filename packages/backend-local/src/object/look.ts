import { lstat } from '../disk/calls.ts';
import { refuseLink, refuseSpecial } from '../disk/refuse.ts';
import type { Task } from '../disk/task.ts';
import { type Stamp, stampOf } from './stamp.ts';

/** The stamp of the file at a path, `'folder'`, or undefined when nothing is there. Links and devices are refused. */
export function* look(path: string): Task<Stamp | 'folder' | undefined> {
  const stats = yield* lstat(path);
  if (stats === undefined) return undefined;
  if (stats.isFile()) return stampOf(stats);
  if (stats.isDirectory()) return 'folder';
  throw stats.isSymbolicLink() ? refuseLink() : refuseSpecial();
}

/** The stamp of the file at a path; undefined when there is none. */
export function* lookForFile(path: string): Task<Stamp | undefined> {
  const seen = yield* look(path);
  return seen === 'folder' ? undefined : seen;
}
