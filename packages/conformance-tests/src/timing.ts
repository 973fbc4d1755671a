import assert from 'node:assert/strict';

/** Asserts that `act` settles within `ms` milliseconds, and settles as it does. */
export async function withinMs<T>(ms: number, what: string, act: () => Promise<T>): Promise<T> {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `${what} has not settled after ${ms} ms` })),
      ms,
    );
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
    // The event loop was blocked for so long that the timer had no turn.
    assert.ok(performance.now() - began <= ms + 1000, `${what} took longer than ${ms} ms`);
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
