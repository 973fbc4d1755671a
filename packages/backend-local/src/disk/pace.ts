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
  /**
   * A promise for the moment when a task may begin. Tasks that are called while others are begin together, as soon as
   * all of them have been called; one that comes alone need not wait.
   */
  enter(): Promise<void> | undefined;
  /** The same for a task of a batch that has used up the turn of the event loop. */
  enterAgain(): Promise<void>;
  /** Whether the event loop must have its turn before another task begins. */
  isTurnOver(): boolean;
  /**
   * Folders that have been looked at since all tasks of this batch were called. A task may go by such a look as by its own:
   * it was under way by then. None when one of them has waited meanwhile, and for a task that is alone.
   */
  readonly folders: Set<string> | undefined;
  /** Has folders looked at again: one of them is not there any more. */
  forgetFolders(): void;
}

export function createPace(clock: () => number = () => performance.now()): Pace {
  let now = clock();
  let longest = 0;
  let share = 0;
  let restUntil = 0;
  let turnStart: number | undefined;
  let batch: Promise<void> | undefined;
  let waiting = 0;
  /** Whether the last batch was one task: the next is likely to be alone as well. */
  let isAlone = true;
  let folders: Set<string> | undefined;

  /** Not by emptying the set: what waits for an answer about a folder adds it to the set of the time when it asked. */
  function forgetFolders(): void {
    folders = undefined;
  }

  function isTurnOver(): boolean {
    now = clock();
    if (turnStart === undefined) {
      turnStart = now;
      setImmediate(() => {
        turnStart = undefined;
      });
    }
    return now - turnStart >= turnMs;
  }

  async function startBatch(): Promise<void> {
    // Awaiting what has settled does not turn the loop: a long row of quick calls would starve timers and sockets.
    await (isTurnOver() ? new Promise((resolve) => setImmediate(resolve)) : Promise.resolve());
    batch = undefined;
    isAlone = waiting === 1;
    waiting = 0;
    folders = isAlone ? undefined : new Set();
  }

  return {
    get folders() {
      return folders;
    },
    forgetFolders,
    isTurnOver,
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
      forgetFolders();
    },

    endTask() {
      if (longest === 0) return;
      share += weight * ((longest > slowMs ? 1 : 0) - share);
      if (longest > slowMs && share >= slowShare) restUntil = now + longest * restFactor;
      longest = 0;
    },

    enter() {
      if (batch === undefined && isAlone && !isTurnOver()) {
        forgetFolders();
        return undefined;
      }
      waiting += 1;
      return (batch ??= startBatch());
    },

    enterAgain() {
      // It came with others, even if it is the last of them.
      waiting += 2;
      return (batch ??= startBatch());
    },
  };
}
