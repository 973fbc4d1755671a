import type { Classification, Retryable } from '../errors/classification.ts';
import type { ErrorCode } from '../errors/codes.ts';

/** What `named` gave an error. */
type ErrorNaming = Pick<Classification, 'code' | 'retryable' | 'onceMore'>;

const namings = new WeakMap<object, ErrorNaming>();

/**
 * Names an error of an SDK where only the place that caught it knows what it means: a 412 of a create-only write is
 * `AlreadyExists`. The error itself is untouched; `classify` asks `nameOf`.
 *
 * @example
 * catch (error) { throw named(error, 'AlreadyExists'); }
 */
export function named<E>(error: E, code: ErrorCode, retryable: Retryable = 'no'): E {
  if (typeof error === 'object' && error !== null) namings.set(error, { code, retryable });
  return error;
}

/** The same for a refusal that may be the loss of a race: one more attempt tells. */
export function namedInRace<E>(error: E, code: ErrorCode): E {
  if (typeof error === 'object' && error !== null) namings.set(error, { code, retryable: 'no', onceMore: true });
  return error;
}

/** What `named` gave, if anything. */
export function nameOf(error: unknown): ErrorNaming | undefined {
  return typeof error === 'object' && error !== null ? namings.get(error) : undefined;
}
