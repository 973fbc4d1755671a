import { named } from '@storage/core/driver';
import { expect, test } from 'vitest';
import { classify } from '../src/errors.ts';

/** An error as the SDK makes it of an answer. */
function answered(errorCode: string | undefined, statusCode: number, headers: Record<string, string> = {}): Error {
  const all = new Map(Object.entries({ 'x-ms-request-id': 'R1', ...headers }));
  return Object.assign(new Error('x'), {
    name: 'RestError',
    statusCode,
    details: errorCode === undefined ? {} : { errorCode },
    response: { headers: all },
  });
}

test.each([
  ['BlobNotFound', 404, 'NotFound', 'no'],
  ['ContainerNotFound', 404, 'BucketNotFound', 'no'],
  ['ResourceNotFound', 404, 'BucketNotFound', 'no'],
  ['BlobTierInadequateForContentLength', 409, 'InvalidArgument', 'no'],
  ['ContainerBeingDeleted', 409, 'Unavailable', 'safe'],
  ['BlobAlreadyExists', 409, 'AlreadyExists', 'no'],
  ['ConditionNotMet', 412, 'PreconditionFailed', 'no'],
  ['ConditionNotMet', 304, 'NotModified', 'no'],
  ['BlobArchived', 409, 'Archived', 'no'],
  ['InvalidBlockList', 400, 'Conflict', 'safe'],
  ['InvalidRange', 416, 'InvalidRange', 'no'],
  ['Md5Mismatch', 400, 'ChecksumMismatch', 'no'],
  ['AuthenticationFailed', 403, 'Unauthenticated', 'no'],
  ['AuthorizationFailure', 403, 'PermissionDenied', 'no'],
  ['AuthorizationPermissionMismatch', 403, 'PermissionDenied', 'no'],
  ['InvalidMetadata', 400, 'InvalidArgument', 'no'],
  ['LeaseIdMissing', 412, 'Conflict', 'no'],
  ['LeaseAlreadyPresent', 409, 'Conflict', 'no'],
  ['SnapshotsPresent', 409, 'Conflict', 'no'],
  ['BlobImmutableDueToPolicy', 409, 'PermissionDenied', 'no'],
  ['BlobUsesCustomerSpecifiedEncryption', 409, 'PermissionDenied', 'no'],
  ['BlobAccessTierNotSupportedForAccountType', 400, 'InvalidArgument', 'no'],
  ['BlobBeingRehydrated', 409, 'Archived', 'no'],
  ['LegalHoldInEffect', 409, 'PermissionDenied', 'no'],
  ['SnapshotOperationRateExceeded', 409, 'Throttled', 'safe'],
  ['PendingCopyOperation', 409, 'Conflict', 'no'],
  ['InvalidBlobType', 409, 'InvalidArgument', 'no'],
  ['RequestBodyTooLarge', 413, 'InvalidArgument', 'no'],
  ['UncommittedBlockCountExceedsLimit', 409, 'QuotaExceeded', 'no'],
  ['SourceConditionNotMet', 412, 'PreconditionFailed', 'no'],
  ['CannotVerifyCopySource', 404, 'NotFound', 'no'],
  ['ServerBusy', 503, 'Throttled', 'safe'],
  ['InternalError', 500, 'Unavailable', 'ambiguous'],
  ['OperationTimedOut', 500, 'Timeout', 'ambiguous'],
])('%s with %i is %s, retryable: %s', (name, status, code, retryable) => {
  expect(classify(answered(name, status))).toMatchObject({
    code,
    retryable,
    httpStatus: status,
    requestId: 'R1',
    providerCode: name,
  });
});

test('Retry-After is passed on in milliseconds', () => {
  expect(classify(answered('ServerBusy', 503, { 'retry-after': '2' })).retryAfterMs).toBe(2_000);
});

test('an abort that the SDK makes of a cut connection keeps the name it was given', () => {
  const abort = Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' });
  expect(classify(abort).code).toBe('Aborted');
  expect(classify(named(abort, 'Unavailable', 'safe'))).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
});

test.each([undefined, 200])(
  'an answer that the SDK cannot read because it broke off is ambiguous (%s)',
  (statusCode) => {
    const broken = Object.assign(new Error('Error reading response as text: aborted'), {
      name: 'RestError',
      code: 'PARSE_ERROR',
      statusCode,
    });
    expect(classify(broken)).toMatchObject({
      code: 'Unavailable',
      retryable: 'ambiguous',
      providerCode: 'PARSE_ERROR',
    });
    expect(classify(Object.assign(broken, { statusCode: 503 }))).toMatchObject({
      code: 'Unavailable',
      httpStatus: 503,
    });
  },
);

test('a connection that is cut is ambiguous; what is no error of the service is Unknown', () => {
  const reset = Object.assign(new Error('socket hang up'), { name: 'RestError', code: 'ECONNRESET' });
  expect(classify(reset)).toMatchObject({ code: 'Unavailable', retryable: 'ambiguous' });
  expect(classify(new TypeError('x'))).toMatchObject({ code: 'Unknown', retryable: 'no' });
  expect(classify(undefined)).toEqual({ code: 'Unknown', retryable: 'no' });
});
