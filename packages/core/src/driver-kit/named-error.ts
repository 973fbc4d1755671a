import type { ErrorCode } from '../errors/codes.ts';

const codes = new WeakMap<object, ErrorCode>();

/**
 * Names an error of an SDK where only the place that caught it knows what it means: a 412 of a create-only write is
 * `AlreadyExists`. The error itself is untouched; `classify` asks `nameOf`.
 *
 * @example
 * catch (error) { throw named(error, 'AlreadyExists'); }
 */
export function named<E>(error: E, code: ErrorCode): E {
  if (typeof error === 'object' && error !== null) codes.set(error, code);
  return error;
}

/** The name that `named` gave, if any. */
export function nameOf(error: unknown): ErrorCode | undefined {
  return typeof error === 'object' && error !== null ? codes.get(error) : undefined;
}
