import type { Pace } from './pace.ts';

/** A call to the file system that a task waits for. */
export interface Call {
  /** What it does, for tests that stop a process at each call. */
  readonly name: string;
  start(done: (error: Error | null, value?: unknown) => void): void;
}

/**
 * What an operation does to the disk, written once as a generator. A call is made at once while the disk is quick: the
 * thread pool costs more than most calls do themselves. Otherwise the generator yields it, and `run` has a thread make it.
 */
export type Task<T> = Generator<Call, T, unknown>;

let pace: Pace | undefined;
let trace: ((call: string) => void) | undefined;

/** Tells a test of every call before it is made. */
export function traceCalls(tracer: ((call: string) => void) | undefined): void {
  trace = tracer;
}

/** Does one step of a task, up to the next call that it must wait for. */
export function stepAt<T>(paceOfTask: Pace, step: () => IteratorResult<Call, T>): IteratorResult<Call, T> {
  const before = pace;
  pace = paceOfTask;
  try {
    return step();
  } finally {
    pace = before;
  }
}

/**
 * A call as a step of a task. It can be made in two ways: at once, by `now`, or by the thread pool. Without `now` it may
 * take long, and is only ever started.
 */
export function* call<T>(
  name: string,
  now: (() => T) | undefined,
  start: (done: (error: Error | null, value?: T) => void) => void,
): Task<T> {
  trace?.(name);
  // Not yielded: every task that waits for this one would be resumed, one after another.
  if (now !== undefined && pace?.quick() === true) return pace.timed(now);
  // `run` answers each call with its own result; generators cannot express that.
  return (yield { name, start }) as T;
}

/** Waits for a promise as a step of a task. */
export function* until<T>(name: string, promise: () => Promise<T>): Task<T> {
  return yield* call<T>(name, undefined, (done) => {
    promise().then(
      (value) => {
        done(null, value);
      },
      (error: unknown) => {
        done(error as Error);
      },
    );
  });
}
