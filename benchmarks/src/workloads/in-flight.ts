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
