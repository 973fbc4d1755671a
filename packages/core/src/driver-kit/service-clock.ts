/** Tells the time of a service: that of this machine, and what it has been told that this is off. */
export interface ServiceClock {
  /** Milliseconds since 1970, in whole seconds: what signatures write. */
  now(): number;
  /** Learns from the `Date` of a refusal; whether there was something to learn. */
  learn(date: string | undefined): boolean;
}

/** Less is no reason to refuse, and may be the way that the answer took. */
const noticedMs = 5 * 60_000;

export function createServiceClock(): ServiceClock {
  let offsetMs = 0;
  return {
    now: () => Math.floor((Date.now() + offsetMs) / 1000) * 1000,
    learn(date) {
      const there = Date.parse(date ?? '');
      if (Number.isNaN(there) || Math.abs(there - Date.now() - offsetMs) < noticedMs) return false;
      offsetMs = there - Date.now();
      return true;
    },
  };
}
