import { named } from '@storage/core/driver';
import { expect, test } from 'vitest';
import { classify } from '../src/errors.ts';

/** An error as the SDK makes it of an answer. */
function answered(name: string, status: number, headers: Record<string, string> = {}): Error {
  const error = Object.assign(new Error('x'), { $metadata: { httpStatusCode: status, requestId: 'R1' } });
  error.name = name;
  Object.defineProperty(error, '$response', { value: { headers } });
  return error;
}

test.each([
  ['NoSuchKey', 404, 'NotFound', 'no'],
  ['NoSuchBucket', 404, 'BucketNotFound', 'no'],
  ['NotFound', 404, 'NotFound', 'no'],
  ['PreconditionFailed', 412, 'PreconditionFailed', 'no'],
  ['NotModified', 304, 'NotModified', 'no'],
  ['304', 304, 'NotModified', 'no'],
  ['ConditionalRequestConflict', 409, 'Conflict', 'safe'],
  ['InvalidObjectState', 403, 'Archived', 'no'],
  ['InvalidRange', 416, 'InvalidRange', 'no'],
  ['AccessDenied', 403, 'PermissionDenied', 'no'],
  ['Unknown', 403, 'PermissionDenied', 'no'],
  ['SignatureDoesNotMatch', 403, 'Unauthenticated', 'no'],
  ['RequestTimeTooSkewed', 403, 'Unauthenticated', 'no'],
  ['XAmzContentChecksumMismatch', 400, 'ChecksumMismatch', 'no'],
  ['XMinioInvalidObjectName', 400, 'InvalidKey', 'no'],
  ['MetadataTooLarge', 400, 'InvalidArgument', 'no'],
  ['SlowDown', 503, 'Throttled', 'safe'],
  ['TooManyRequests', 429, 'Throttled', 'safe'],
  ['ServiceUnavailable', 503, 'Unavailable', 'ambiguous'],
  ['InternalError', 500, 'Unavailable', 'ambiguous'],
  ['BadGateway', 502, 'Unavailable', 'ambiguous'],
  ['NotImplemented', 501, 'Unsupported', 'no'],
  ['XMinioStorageFull', 507, 'QuotaExceeded', 'no'],
])('%s with %i is %s, retryable: %s', (name, status, code, retryable) => {
  expect(classify(answered(name, status))).toMatchObject({
    code,
    retryable,
    httpStatus: status,
    requestId: 'R1',
    providerCode: name,
  });
});

test('the code of an answer without a body is read from the header of MinIO', () => {
  const error = answered('NotFound', 404, { 'x-minio-error-code': 'NoSuchBucket' });
  expect(classify(error)).toMatchObject({ code: 'BucketNotFound', providerCode: 'NoSuchBucket' });
});

test('a refusal from which the SDK has learnt the time is tried again, whatever its code; HEAD has none', () => {
  for (const name of ['RequestTimeTooSkewed', 'Unknown']) {
    const error = answered(name, 403);
    Object.assign((error as unknown as { $metadata: object }).$metadata, { clockSkewCorrected: true });
    expect(classify(error)).toMatchObject({
      code: 'Unauthenticated',
      retryable: 'safe',
      hint: expect.stringContaining('clock') as string,
    });
  }
});

test('Retry-After is passed on in milliseconds', () => {
  expect(classify(answered('SlowDown', 503, { 'retry-after': '2' })).retryAfterMs).toBe(2_000);
  const date = new Date(Date.now() + 60_000).toUTCString();
  expect(classify(answered('SlowDown', 503, { 'retry-after': date })).retryAfterMs).toBeGreaterThan(50_000);
});

test('a name given where the error was caught wins, and keeps what the service said', () => {
  const error = named(answered('PreconditionFailed', 412), 'AlreadyExists');
  expect(classify(error)).toEqual({
    code: 'AlreadyExists',
    retryable: 'no',
    providerCode: 'PreconditionFailed',
    httpStatus: 412,
    requestId: 'R1',
  });
});

test('a connection that is cut is ambiguous; what is no error of the service is Unknown', () => {
  const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  expect(classify(reset)).toMatchObject({ code: 'Unavailable', retryable: 'ambiguous' });
  expect(classify(new TypeError('x'))).toMatchObject({ code: 'Unknown', retryable: 'no' });
  expect(classify('x')).toEqual({ code: 'Unknown', retryable: 'no' });
  expect(classify(undefined)).toEqual({ code: 'Unknown', retryable: 'no' });
});
