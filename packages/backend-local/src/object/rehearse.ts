import { close, createText, fstat, futimes, open } from '../disk/calls.ts';
import type { Task } from '../disk/task.ts';
import { openToRead, readFlags } from '../disk/text.ts';
import type { Store } from '../store.ts';
import { discard, inStaging } from './staging.ts';
import { nextTime, stampOf } from './stamp.ts';

/** A time for a file that is there already. */
export interface Time {
  readonly seconds: number;
  /** What the file will say: file systems round. */
  readonly modified: number;
}

/** Finds a time that differs from `previous` also as this file system keeps it, by setting it on another file. */
export function* rehearseTime(store: Store, previous: number): Task<Time> {
  const path = yield* inStaging(store, (free) => createText(free, ''));
  const fd = yield* open(path, readFlags);
  try {
    for (let after = previous; ; after += 1_000_000) {
      const seconds = nextTime(after) / 1e6;
      yield* futimes(fd, seconds);
      const { modified } = stampOf(yield* fstat(fd));
      if (modified > previous) return { seconds, modified };
    }
  } finally {
    yield* close(fd);
    yield* discard({ path });
  }
}

/** Sets the time of a file, not of what a link points to. */
export function* setTime(path: string, { seconds }: Time): Task<void> {
  const fd = yield* openToRead(path);
  try {
    yield* futimes(fd, seconds);
  } finally {
    yield* close(fd);
  }
}
