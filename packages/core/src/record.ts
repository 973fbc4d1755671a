/** Whether a value is an object whose properties are its data: no array, Map, Headers, Date or null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** A record while it is put together: members that may be missing are set where they are given. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] };
