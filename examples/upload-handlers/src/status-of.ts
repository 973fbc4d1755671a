import { type ErrorCode, isStorageError } from '@storage/core';
import { BrokenUpload } from './chunks-of.ts';

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

/** The HTTP status of a save that rejected; the error of a stream that failed is the cause. */
export function statusOf(error: unknown): number {
  if (!isStorageError(error)) return 500;
  return error.cause instanceof BrokenUpload ? 400 : (statusOfCode[error.code] ?? 500);
}
