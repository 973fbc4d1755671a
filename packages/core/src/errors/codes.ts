/** The closed set of error codes. Codes are API; messages are prose for people. */
export const errorCodes = [
  'NotFound',
  'BucketNotFound',
  'AlreadyExists',
  'PreconditionFailed',
  'NotModified',
  'Conflict',
  'KeyConflict',
  'InvalidKey',
  'InvalidRange',
  'InvalidArgument',
  'InvalidConfig',
  'BackendNotInstalled',
  'Archived',
  'ChecksumMismatch',
  'LengthMismatch',
  'PermissionDenied',
  'Unauthenticated',
  'Throttled',
  'QuotaExceeded',
  'Unavailable',
  'Timeout',
  'Aborted',
  'Unsupported',
  'Closed',
  'Corrupted',
  'Unknown',
] as const;

/** What went wrong, from a closed set; branch on this, never on a message. */
export type ErrorCode = (typeof errorCodes)[number];
