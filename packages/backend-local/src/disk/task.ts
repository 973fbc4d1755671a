/**
 * One call to the file system. It can be made in two ways: at once, or by the thread pool.
 * Without `now` it may take long, and is only ever started.
 */
export interface Call {
  /** What it does, for tests that stop a process at each call. */
  readonly name: string;
  now?(): unknown;
  start(done: (error: Error | null, value?: unknown) => void): void;
}

/**
 * What an operation does to the disk, written once as a generator that yields its calls. `run` decides how each is
 * made: the thread pool costs more than most of these calls do themselves.
 */
export type Task<T> = Generator<Call, T, unknown>;

/** A call as a step of a task. */
export function* call<T>(
  name: string,
  now: (() => T) | undefined,
  start: (done: (error: Error | null, value?: T) => void) => void,
): Task<T> {
  // `run` answers each call with its own result; generators cannot express that.
  return (yield now === undefined ? { name, start } : { name, now, start }) as T;
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
