type Undefinable<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T];

/** A record without the members that are undefined: what an SDK left out is then left out as well. */
export type Defined<T> = Omit<T, Undefinable<T>> & { [K in Undefinable<T>]?: Exclude<T[K], undefined> };

/** Leaves out the members that are undefined. */
export function defined<T extends object>(values: T): Defined<T> {
  // Several times in every call: without arrays of pairs.
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(values)) {
    const value = values[name as keyof T];
    if (value !== undefined) kept[name] = value;
  }
  return kept as Defined<T>;
}
