/** A call that took longer than this, in milliseconds, was slow. */
const slowMs = 2;
/** The share of tasks with slow calls from which a disk counts as slow: one alone was interrupted by another process. */
const slowShare = 0.4;
/** How much the last task counts in that share. */
const weight = 0.2;
/** On a slow disk, calls go to the thread pool for so many times the length of a slow one: the loop is blocked 5 % of the time at most. */
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
  /** Makes a call at once, and notes how long it took, since the call before. */
  timed<T>(call: () => T): T;
  /** Starts anew after a wait. */
  resume(): void;
  /** Draws the conclusion from the calls of one task. */
  endTask(): void;
  /** A promise for the next turn of the event loop, when this one has lasted long enough. */
  nextTurn(): Promise<void> | undefined;
}

export function createPace(clock: () => number = () => performance.now()): Pace {
  let now = clock();
  let longest = 0;
  let share = 0;
  let restUntil = 0;
  let turnStart: number | undefined;

  return {
    quick: () => now >= restUntil,

    timed(call) {
      const before = now;
      try {
        return call();
      } finally {
        now = clock();
        if (now - before > longest) longest = now - before;
      }
    },

    resume() {
      now = clock();
    },

    endTask() {
      if (longest === 0) return;
      share += weight * ((longest > slowMs ? 1 : 0) - share);
      if (longest > slowMs && share >= slowShare) restUntil = now + longest * restFactor;
      longest = 0;
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
