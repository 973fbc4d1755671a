import type { Retryable } from '../errors/classification.ts';
import type { ErrorCode } from '../errors/codes.ts';

const byStatus: Readonly<Record<number, readonly [ErrorCode, Retryable]>> = {
  304: ['NotModified', 'no'],
  400: ['InvalidArgument', 'no'],
  401: ['Unauthenticated', 'no'],
  403: ['PermissionDenied', 'no'],
  404: ['NotFound', 'no'],
  405: ['Unsupported', 'no'],
  408: ['Timeout', 'ambiguous'],
  409: ['Conflict', 'safe'],
  412: ['PreconditionFailed', 'no'],
  416: ['InvalidRange', 'no'],
  429: ['Throttled', 'safe'],
  501: ['Unsupported', 'no'],
  507: ['QuotaExceeded', 'no'],
};

/**
 * What a status says of an answer whose code the driver does not know. A 5xx may come from a gateway that lost the
 * answer of the service: it says nothing of whether a write was applied.
 */
export function classifyStatus(status: number): readonly [ErrorCode, Retryable] {
  return byStatus[status] ?? (status >= 500 ? ['Unavailable', 'ambiguous'] : ['Unknown', 'no']);
}

/** Milliseconds that a `Retry-After` header asks to wait: seconds, or a date. */
export function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
