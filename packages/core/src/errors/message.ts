import type { ErrorCode } from './codes.ts';

/** What each code says to people when the driver has no sentence of its own. */
const sentences: Record<ErrorCode, string> = {
  NotFound: 'there is no such object',
  BucketNotFound: 'the bucket, container or folder does not exist; create it, or correct its name in the options',
  AlreadyExists: 'the key is taken already',
  PreconditionFailed: 'the condition did not hold: the object is not as it was when its etag was read',
  NotModified: 'the object has not changed',
  Conflict: 'another operation on this key was in the way and nothing was changed; try again',
  KeyConflict: 'the key is a folder of another key, or another key is a folder of it, which this backend cannot hold',
  InvalidKey: 'the key is not valid',
  InvalidRange: 'the range starts at or after the end of the object',
  InvalidArgument: 'an argument is not valid',
  InvalidConfig: 'the configuration is not valid',
  BackendNotInstalled: 'the package of this backend is not installed',
  Archived: 'the object is in an archive tier; call restoreArchived and wait until it is restored',
  ChecksumMismatch: 'the bytes do not have the checksum that was declared or stored',
  LengthMismatch: 'the body has another length than was declared',
  PermissionDenied: 'these credentials may not do this; check the policy of the bucket and of the user',
  Unauthenticated: 'the service does not accept these credentials; check the key, the secret and the clock',
  Throttled: 'the service asks for fewer requests',
  QuotaExceeded: 'there is no space left, or the limit of the account is reached; nothing was stored',
  Unavailable: 'the service could not be reached or failed',
  Timeout: 'there was no progress in time',
  Aborted: 'the call was aborted',
  Unsupported: 'this backend cannot do that',
  Closed: 'this backend was closed; create a new one',
  Corrupted: 'what is stored contradicts itself',
  Unknown: 'the operation failed',
};

/** Prose for people: what was tried, on what, what happened, and the fix where there is one. */
export function errorMessage(parts: {
  readonly code: ErrorCode;
  readonly operation: string;
  readonly backend: string;
  readonly key: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}): string {
  const subject = parts.key === undefined ? '' : ` ${quoteKey(parts.key)}`;
  const detail = parts.detail === undefined || parts.detail === '' ? sentences[parts.code] : parts.detail;
  const hint = parts.hint === undefined ? '' : ` (${parts.hint})`;
  return `${parts.operation}${subject} on "${parts.backend}": ${detail}${hint}`;
}

/** What a code says when nothing better is known. */
export function sentenceOf(code: ErrorCode): string {
  return sentences[code];
}

/** A key as it may stand in a message: quoted, control characters escaped, cut when long. */
export function quoteKey(key: string): string {
  const text = JSON.stringify(key);
  return text.length <= 200 ? text : `${text.slice(0, 199)}…"`;
}
