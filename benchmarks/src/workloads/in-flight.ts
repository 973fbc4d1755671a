/** Runs `work` for 0 … count - 1, so many at a time. */
export async function inFlight(
  concurrency: number,
  count: number,
  work: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  async function worker(): Promise<void> {
    while (next < count) await work(next++);
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** The same for so many seconds; resolves with how often. */
export async function inFlightFor(
  concurrency: number,
  seconds: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let next = 0;
  async function worker(): Promise<void> {
    while (performance.now() < end) await work(next++);
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  return next;
}
