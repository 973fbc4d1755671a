/** The way of keys into a view, and out of it again. */
export interface KeyMap {
  /** The key below the view. */
  readonly inner: (key: string) => string;
  /** The key inside the view, of one that is below its prefix. */
  readonly outer: (key: string) => string;
  /** Whether a key below can be named inside the view; the prefix itself cannot, it has no name left. */
  readonly holds: (innerKey: string) => boolean;
  /** What names a key, on its way in. */
  readonly into: <T extends { readonly key: string }>(request: T) => T;
  /** What names a key, on its way out. */
  readonly outOf: <T extends { readonly key: string }>(answer: T) => T;
}

/** Keys inside the view are those below without `prefix`. */
export function prefixMap(prefix: string): KeyMap {
  const inner = (key: string): string => prefix + key;
  const outer = (key: string): string => key.slice(prefix.length);
  return {
    inner,
    outer,
    holds: (innerKey) => innerKey.startsWith(prefix) && innerKey !== prefix,
    into: (request) => ({ ...request, key: inner(request.key) }),
    outOf: (answer) => ({ ...answer, key: outer(answer.key) }),
  };
}
