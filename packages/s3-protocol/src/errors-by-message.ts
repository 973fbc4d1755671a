import type { ErrorCode, Retryable } from '@storage/core/driver';

/** What an error of the service means: its code, whether to try again, and what helps. */
export type Meaning = readonly [code: ErrorCode, retryable?: Retryable, hint?: string];

/** Codes that a service gives to several things, which only its message tells apart. */
const byMessage: readonly (readonly [code: string, message: RegExp, meaning: Meaning])[] = [
  [
    'NotImplemented',
    /KMS is not configured/,
    ['Unsupported', 'no', 'the server has no KMS: set MINIO_KMS_SECRET_KEY on it, or leave out the option sse'],
  ],
  [
    'InvalidRequest',
    /WORM protected/,
    ['PermissionDenied', 'no', 'the version is locked: see getRetention and getLegalHold'],
  ],
  [
    'InvalidRequest',
    /missing ObjectLockConfiguration/,
    ['Unsupported', 'no', 'objects in this bucket cannot be locked: create one with objectLock: true'],
  ],
];

/** What a code means in the light of its message. */
export function meaningOf(code: string, message: string): Meaning | undefined {
  return byMessage.find(([known, pattern]) => known === code && pattern.test(message))?.[2];
}
