import type { ErrorCode } from './codes.ts';

/**
 * Whether the same call may be made again: `'no'`, it cannot succeed; `'safe'`, nothing was applied;
 * `'ambiguous'`, a write may have been applied and its answer lost.
 */
export type Retryable = 'no' | 'safe' | 'ambiguous';

/** What a driver knows of an error of its service. */
export interface Classification {
  readonly code: ErrorCode;
  readonly retryable: Retryable;
  /** The connection was reused and closed before any byte of an answer: worth one immediate retry on a fresh one. */
  readonly staleConnection?: true;
  /** `retryable` is `'no'`, but the service refuses so in a race as well: worth one more attempt, whose answer is final. */
  readonly onceMore?: true;
  /** One clause for people: what to do, which setting to change. Appended to the message. */
  readonly hint?: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  readonly providerCode?: string;
  readonly retryAfterMs?: number;
}
