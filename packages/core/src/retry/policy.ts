import type { ErrorCode } from '../errors/codes.ts';

/** How failed requests are tried again. */
export interface RetryOptions {
  /** Requests of one call at most, the first included. @default 5 */
  readonly attempts?: number | undefined;
  /** Upper end of the first wait after a fault, in milliseconds; it doubles with each. @default 50 */
  readonly baseDelayMs?: number | undefined;
  /** The same where the service asks for fewer requests. @default 500 */
  readonly throttledDelayMs?: number | undefined;
  /** Longest wait that is drawn by chance, in milliseconds. @default 20000 */
  readonly maxDelayMs?: number | undefined;
}

/** `RetryOptions`, complete. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly throttledDelayMs: number;
  readonly maxDelayMs: number;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** What of a failure decides how long to wait. */
interface RetryCause {
  readonly code: ErrorCode;
  readonly retryAfterMs?: number | undefined;
}

/** A service that asks for more than this is not coming back within a call. */
const longestRetryAfterMs = 60_000;

/**
 * The policy of a backend; `false` makes one attempt and no more.
 *
 * @param random for tests
 */
export function makeRetryPolicy(options?: RetryOptions | false, random: () => number = Math.random): RetryPolicy {
  const given = options === false ? { attempts: 1 } : options;
  return {
    attempts: given?.attempts ?? 5,
    baseDelayMs: given?.baseDelayMs ?? 50,
    throttledDelayMs: given?.throttledDelayMs ?? 500,
    maxDelayMs: given?.maxDelayMs ?? 20_000,
    random,
  };
}

/**
 * Milliseconds to wait before the next attempt; undefined when there is none.
 *
 * Full jitter: any time up to a limit that doubles, so that clients which failed together do not come back together.
 * `Retry-After` is waited out in full, and the jitter comes on top for the same reason.
 *
 * @param attempt the attempt that failed, from 1
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, cause: RetryCause): number | undefined {
  if (attempt >= policy.attempts) return undefined;
  const retryAfterMs = cause.retryAfterMs ?? 0;
  if (retryAfterMs > longestRetryAfterMs) return undefined;
  const base = cause.code === 'Throttled' ? policy.throttledDelayMs : policy.baseDelayMs;
  const limit = Math.min(base * 2 ** (attempt - 1), policy.maxDelayMs);
  return retryAfterMs + policy.random() * limit;
}
