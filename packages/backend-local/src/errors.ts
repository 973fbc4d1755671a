import { type Classification, type ErrorCode, isDriverFault, type Retryable } from '@storage/core/driver';

/** What errors of the operating system mean here. Where a code has another meaning, the place that meets it says so. */
const meanings: Readonly<Record<string, readonly [code: ErrorCode, retryable: Retryable, hint?: string]>> = {
  ENOENT: ['NotFound', 'no'],
  EACCES: ['PermissionDenied', 'no', 'the process must be allowed to read and write basePath'],
  EPERM: ['PermissionDenied', 'no'],
  EROFS: ['PermissionDenied', 'no', 'the file system is mounted read-only'],
  ENOSPC: ['QuotaExceeded', 'no', 'the disk is full'],
  EDQUOT: ['QuotaExceeded', 'no', 'the quota of the user is used up'],
  EFBIG: ['QuotaExceeded', 'no', 'the file system holds no file of this size'],
  ENAMETOOLONG: ['InvalidKey', 'no', 'with basePath in front, the path is longer than the operating system takes'],
  ENOTDIR: ['KeyConflict', 'no'],
  EISDIR: ['KeyConflict', 'no'],
  ENOTEMPTY: ['KeyConflict', 'no'],
  ELOOP: ['PermissionDenied', 'no'],
  EXDEV: ['InvalidConfig', 'no', 'all folders in basePath must be on one file system'],
  // A port of `serveUrls`.
  EADDRINUSE: ['InvalidConfig', 'no'],
  EADDRNOTAVAIL: ['InvalidConfig', 'no'],
  EMFILE: ['Unavailable', 'safe', 'too many files are open; raise the limit, or read fewer bodies at once'],
  ENFILE: ['Unavailable', 'safe'],
  ENOMEM: ['Unavailable', 'safe'],
  EAGAIN: ['Unavailable', 'safe'],
  EBUSY: ['Unavailable', 'safe'],
  ETXTBSY: ['Unavailable', 'safe'],
  ESTALE: ['Unavailable', 'safe'],
  ETIMEDOUT: ['Unavailable', 'ambiguous'],
  EIO: ['Unavailable', 'ambiguous', 'the disk reports an error'],
};

export function classify(error: unknown): Classification {
  if (isDriverFault(error)) return error.classification;
  const providerCode = codeOf(error);
  const [code, retryable, hint] = meanings[providerCode ?? ''] ?? ['Unknown', 'no'];
  return {
    code,
    retryable,
    ...(hint !== undefined && { hint }),
    ...(providerCode !== undefined && { providerCode }),
  };
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
