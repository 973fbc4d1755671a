/** Calls `work` for every item, a few at a time; rejects with the first error once none is left running. */
export async function inParallel<T>(
  items: Iterable<T>,
  work: (item: T, index: number) => Promise<unknown>,
  concurrency = 12,
): Promise<void> {
  const errors: unknown[] = [];
  const entries = [...items].entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) {
      if (errors.length > 0) return;
      await work(item, index).catch((error: unknown) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (errors.length > 0) throw errors[0];
}

/** Lets something happen while `work` is under way; rejects as soon as either fails. */
export async function during<T>(work: Promise<T>, happens: () => Promise<unknown>): Promise<T> {
  const [result] = await Promise.all([work, happens()]);
  return result;
}
