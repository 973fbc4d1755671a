import type { Walk } from './walk.ts';

/** So many listings are continued where they are, without reading their folders again. */
const kept = 4;
/** For so long after their last page, in milliseconds. */
const keptMs = 30_000;

/**
 * Walks between two pages, by the cursor that continues them. A cursor does not need its walk: without it, the listing
 * finds its place again by the key.
 */
export interface KeptWalks {
  take(cursor: string): Walk | undefined;
  keep(cursor: string, walk: Walk): void;
  clear(): void;
}

export function createKeptWalks(): KeptWalks {
  const walks = new Map<string, { readonly walk: Walk; readonly timer: NodeJS.Timeout }>();

  function take(cursor: string): Walk | undefined {
    const found = walks.get(cursor);
    clearTimeout(found?.timer);
    walks.delete(cursor);
    return found?.walk;
  }

  return {
    take,
    keep(cursor, walk) {
      const [oldest] = walks.keys();
      if (walks.size >= kept && oldest !== undefined) take(oldest);
      const timer = setTimeout(() => take(cursor), keptMs).unref();
      walks.set(cursor, { walk, timer });
    },
    clear() {
      for (const cursor of [...walks.keys()]) take(cursor);
    },
  };
}
