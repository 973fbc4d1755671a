/** Something with an end, asked for anew when it is near. */
export interface Renewed<T> {
  /** At once while it is good for a while. */
  get(): T | Promise<T>;
  /** It is no longer good, whatever it says: the next one to ask gets another. */
  drop(): void;
}

// As early as the SDKs do: a request that is on its way must not outlive its keys.
const earlyMs = 5 * 60_000;

/** Keeps what `ask` gives until five minutes before its end; who asks meanwhile waits for the same answer. */
export function renewed<T>(ask: () => Promise<T>, endsAt: (value: T) => number | undefined): Renewed<T> {
  let kept: { readonly value: T; readonly until: number } | undefined;
  let asking: Promise<T> | undefined;

  async function renew(): Promise<T> {
    try {
      const value = await ask();
      kept = { value, until: (endsAt(value) ?? Number.POSITIVE_INFINITY) - earlyMs };
      return value;
    } finally {
      asking = undefined;
    }
  }

  return {
    get() {
      if (kept !== undefined && Date.now() <= kept.until) return kept.value;
      asking ??= renew();
      return asking;
    },
    drop() {
      kept = undefined;
    },
  };
}
