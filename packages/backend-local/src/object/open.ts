import { close, fstat, hasCode, isAbsence } from '../disk/calls.ts';
import { hasFolders, isSpelledSo } from '../disk/folders.ts';
import { refuseSpecial } from '../disk/refuse.ts';
import type { Task } from '../disk/task.ts';
import { openToRead } from '../disk/text.ts';
import { locked } from '../lock/lock.ts';
import type { Place } from '../names/place.ts';
import type { Store } from '../store.ts';
import { lookForFile } from './look.ts';
import type { FileRecord } from './record.ts';
import { recordSeen } from './seen.ts';
import { stampOf } from './stamp.ts';

/** A file that is open for reading, and its record: the bytes of one revision, whatever is written meanwhile. */
export interface Opened {
  readonly fd: number;
  readonly record: FileRecord;
}

/** One look without a lock. `'again'`: a writer came between. */
type Glance<T> = (store: Store, place: Place) => Task<T | 'nothing' | 'again'>;

/** How often a reader looks again before it asks for the lock. */
const glances = 10;

/** The record of the current object; undefined when there is none. */
export function* seeCurrent(store: Store, place: Place, signal: AbortSignal): Task<FileRecord | undefined> {
  return yield* steadily(store, place, signal, glanceAt);
}

/** Opens the current object; undefined when there is none. */
export function* openCurrent(store: Store, place: Place, signal: AbortSignal): Task<Opened | undefined> {
  return yield* steadily(store, place, signal, tryToOpen);
}

/** Opens a file, not a link; undefined when there is none. */
export function* openIfThere(path: string): Task<number | undefined> {
  try {
    return yield* openToRead(path);
  } catch (error) {
    if (isAbsence(error) || hasCode(error, 'EISDIR')) return undefined;
    throw error;
  }
}

function* glanceAt(store: Store, place: Place): Task<FileRecord | 'nothing' | 'again'> {
  if (!(yield* hasFolders(store, place.data))) return 'nothing';
  const stamp = yield* lookForFile(place.data.path);
  if (stamp === undefined || !(yield* isSpelledSo(store, place.data.path))) return 'nothing';
  return (yield* recordSeen(store, place, stamp)) ?? 'again';
}

function* tryToOpen(store: Store, place: Place): Task<Opened | 'nothing' | 'again'> {
  if (!(yield* hasFolders(store, place.data))) return 'nothing';
  const fd = yield* openIfThere(place.data.path);
  if (fd === undefined) return 'nothing';
  let record: FileRecord | undefined;
  try {
    const stats = yield* fstat(fd);
    if (stats.isDirectory() || !(yield* isSpelledSo(store, place.data.path))) return 'nothing';
    if (!stats.isFile()) throw refuseSpecial();
    record = yield* recordSeen(store, place, stampOf(stats));
    return record === undefined ? 'again' : { fd, record };
  } finally {
    if (record === undefined) yield* close(fd);
  }
}

/**
 * What a reader sees, who holds no lock: the file and its record are looked at one after the other, and when a writer
 * came between, again. In a storm of writes it takes the lock.
 */
function* steadily<T>(store: Store, place: Place, signal: AbortSignal, glance: Glance<T>): Task<T | undefined> {
  const seen = yield* glanceUpTo(glances, store, place, signal, glance);
  if (seen !== 'again') return seen === 'nothing' ? undefined : seen;
  const last = yield* locked(store, place.lock, signal, () => glanceUpTo(Infinity, store, place, signal, glance));
  return last === 'nothing' || last === 'again' ? undefined : last;
}

function* glanceUpTo<T>(
  times: number,
  store: Store,
  place: Place,
  signal: AbortSignal,
  glance: Glance<T>,
): Task<T | 'nothing' | 'again'> {
  for (let n = 0; n < times; n++) {
    const seen = yield* glance(store, place);
    if (seen !== 'again') return seen;
    signal.throwIfAborted();
  }
  return 'again';
}
