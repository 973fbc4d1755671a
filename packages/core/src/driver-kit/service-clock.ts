/** Tells the time of a service: that of this machine, and what it has been told that this is off. */
export interface ServiceClock<T> {
  /** The time to the second, as the service wants it written. */
  now(): T;
  /** Learns from the `Date` of a refusal; whether there was something to learn. */
  learn(date: string | undefined): boolean;
}

/** Less is no reason to refuse, and may be the way that the answer took. */
const noticedMs = 5 * 60_000;

/** A clock that writes times by `write`, the same second once. */
export function createServiceClock<T>(write: (time: Date) => T): ServiceClock<T> {
  let offsetMs = 0;
  let written: { readonly second: number; readonly text: T } | undefined;
  return {
    now() {
      const second = Math.floor((Date.now() + offsetMs) / 1000);
      if (written?.second !== second) written = { second, text: write(new Date(second * 1000)) };
      return written.text;
    },
    learn(date) {
      const there = Date.parse(date ?? '');
      if (Number.isNaN(there) || Math.abs(there - Date.now() - offsetMs) < noticedMs) return false;
      offsetMs = there - Date.now();
      return true;
    },
  };
}
