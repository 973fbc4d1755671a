import { type ErrorCode, isStorageError } from '@storage/core';

/** Codes that tell the client something; the others are ours to look into. */
const statusOfCode: { readonly [Code in ErrorCode]?: number } = {
  InvalidArgument: 400,
  ChecksumMismatch: 400,
  LengthMismatch: 413,
  QuotaExceeded: 507,
  Throttled: 503,
  Unavailable: 503,
  Timeout: 503,
};

/** The HTTP status of a save that rejected. `source`: the stream that was saved. */
export function statusOf(error: unknown, source?: { readonly errored: Error | null }): number {
  if (!isStorageError(error)) return 500;
  // The upload broke off: the cause is the very error of the client's stream.
  if (source !== undefined && source.errored !== null && error.cause === source.errored) return 400;
  return statusOfCode[error.code] ?? 500;
}
