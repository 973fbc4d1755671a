/** So many listings are continued where they are, without reading their folders again. */
const most = 4;
/** For so long after their last page, in milliseconds. */
const keptMs = 30_000;

/**
 * What is left of listings between two pages, by the cursor that continues them. A cursor does not need it: without it, the
 * listing finds its place again.
 */
export interface Kept<T> {
  take(cursor: string): T | undefined;
  keep(cursor: string, rest: T): void;
  clear(): void;
}

export function createKept<T>(): Kept<T> {
  const kept = new Map<string, { readonly rest: T; readonly timer: NodeJS.Timeout }>();

  function take(cursor: string): T | undefined {
    const found = kept.get(cursor);
    clearTimeout(found?.timer);
    kept.delete(cursor);
    return found?.rest;
  }

  return {
    take,
    keep(cursor, rest) {
      const [oldest] = kept.keys();
      if (kept.size >= most && oldest !== undefined) take(oldest);
      const timer = setTimeout(() => take(cursor), keptMs).unref();
      kept.set(cursor, { rest, timer });
    },
    clear() {
      for (const cursor of [...kept.keys()]) take(cursor);
    },
  };
}
