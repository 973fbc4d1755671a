/** Tells the time of a service: that of this machine, and what it has been told that this is off. */
export interface ServiceClock<T> {
  /** The time of the service, as far as is known. */
  now(): ServiceTime<T>;
  /**
   * Learns from the `Date` of a refusal of a request which was signed at `signed`; whether the same request would now
   * be signed at another time. Requests that were under way together learn from one another.
   */
  learn(date: string | undefined, signed: ServiceTime<T>): boolean;
}

/** A time to the second. */
export interface ServiceTime<T> {
  /** As the service wants it written. */
  readonly written: T;
  /** By how many milliseconds this machine was taken to be behind the service. */
  readonly offsetMs: number;
}

/** Less is no reason to refuse, and may be the way that the answer took. */
const noticedMs = 5 * 60_000;

/** A clock that writes times by `write`, the same second once. */
export function createServiceClock<T>(write: (time: Date) => T): ServiceClock<T> {
  let offsetMs = 0;
  let second = Number.NaN;
  let time: ServiceTime<T>;
  return {
    now() {
      const current = Math.floor((Date.now() + offsetMs) / 1000);
      if (second !== current) {
        second = current;
        time = { written: write(new Date(current * 1000)), offsetMs };
      }
      return time;
    },
    learn(date, signed) {
      const needed = Date.parse(date ?? '') - Date.now();
      if (Number.isNaN(needed) || Math.abs(needed - signed.offsetMs) < noticedMs) return false;
      offsetMs = needed;
      return true;
    },
  };
}
