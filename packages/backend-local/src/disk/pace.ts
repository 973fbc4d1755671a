import type { Call } from './task.ts';

/** A call that took longer than this, in milliseconds, was slow. */
const slowMs = 2;
/** After a slow call, calls go to the thread pool for so many times its length: the loop is blocked 5 % of the time at most. */
const restFactor = 20;
/** The longest that calls made at once may keep the event loop to themselves, in milliseconds. */
const turnMs = 4;

/**
 * Decides whether calls are made at once. On a quick disk (or from the page cache) a call takes a microsecond or two,
 * and handing it to a thread costs several times that; a slow disk would block the event loop.
 */
export interface Pace {
  /** Whether the next call may be made at once. */
  quick(): boolean;
  /** Makes a call at once, and notes how long it took. */
  timed(call: Call): unknown;
  /** A promise for the next turn of the event loop, when this one has lasted long enough. */
  nextTurn(): Promise<void> | undefined;
}

export function createPace(clock: () => number = () => performance.now()): Pace {
  let restUntil = 0;
  let turnStart: number | undefined;
  let now = clock();

  return {
    quick: () => now >= restUntil || clock() >= restUntil,

    timed(call) {
      const before = clock();
      try {
        return call.now?.();
      } finally {
        now = clock();
        const took = now - before;
        if (took > slowMs) restUntil = now + took * restFactor;
      }
    },

    nextTurn() {
      now = clock();
      if (turnStart === undefined) {
        turnStart = now;
        setImmediate(() => {
          turnStart = undefined;
        });
        return undefined;
      }
      // Awaiting what has settled does not turn the loop: a long row of quick calls would starve timers and sockets.
      return now - turnStart < turnMs ? undefined : new Promise((resolve) => setImmediate(resolve));
    },
  };
}
