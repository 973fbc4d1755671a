/**
 * Runs something while the clock of this process is wrong.
 *
 * @param offsetMs milliseconds by which it is ahead; negative: behind
 *
 * @example
 * await withClock(20 * 60_000, () => backend.save('report.pdf', bytes));
 */
export async function withClock<T>(offsetMs: number, run: () => Promise<T>): Promise<T> {
  const RightDate = globalThis.Date;
  class WrongDate extends RightDate {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [WrongDate.now()] : given) as [number]));
    }

    static override now(): number {
      return RightDate.now() + offsetMs;
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof RightDate;
    }
  }
  globalThis.Date = WrongDate as DateConstructor;
  try {
    return await run();
  } finally {
    globalThis.Date = RightDate;
  }
}
