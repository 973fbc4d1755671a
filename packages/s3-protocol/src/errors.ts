import {
  type Classification,
  classifyConnection,
  classifyStatus,
  defined,
  isDriverFault,
  nameOf,
  retryAfterMs,
} from '@storage/core/driver';
import { type Meaning, meaningOf } from './errors-by-message.ts';
import { classifyRegion, regionIn } from './region.ts';

const askBack = 'on AWS restoreFromGlacier is the same';
const noSuchKey = 'there is no such key in this region: set another kmsKeyId';
const keyUnusable = 'the key cannot be used now: enable it, or set another kmsKeyId';

/** What a code of the service means. Codes that say no more than their status are left to it. */
const byCode: Readonly<Record<string, Meaning>> = {
  NoSuchKey: ['NotFound'],
  NoSuchVersion: ['NotFound'],
  NoSuchUpload: ['NotFound'],
  BucketAlreadyExists: ['PermissionDenied', 'no', 'the bucket is somebody else’s: set another bucketName'],
  NoSuchBucket: ['BucketNotFound', 'no', 'or set createBucket: true, and the first write creates it'],

  PreconditionFailed: ['PreconditionFailed'],
  ConditionalRequestConflict: ['Conflict', 'safe'],
  OperationAborted: ['Conflict', 'safe'],
  InvalidObjectState: ['Archived', 'no', askBack],
  ObjectNotInActiveTierError: ['Archived', 'no', askBack],
  GlacierExpeditedRetrievalNotAvailable: ['Unavailable', 'no', "ask with tier: 'Standard'"],
  RestoreAlreadyInProgress: ['Conflict', 'no'],
  InvalidStorageClass: ['InvalidArgument', 'no', 'this service does not have that tier: set another storageClass'],
  InvalidRange: ['InvalidRange'],

  InvalidBucketState: ['Conflict', 'no', 'objects in this bucket can be locked, and that needs versioning'],
  'kms:KeyNotFound': ['InvalidConfig', 'no', 'the KMS of the server has no such key: set another kmsKeyId'],

  KeyTooLongError: ['InvalidKey'],
  XMinioInvalidObjectName: ['InvalidKey'],
  XMinioInvalidResourceName: ['InvalidKey'],
  XMinioParentIsObject: ['KeyConflict'],
  XMinioObjectExistsAsDirectory: ['KeyConflict'],
  NotImplemented: ['Unsupported'],

  BadDigest: ['ChecksumMismatch'],
  InvalidDigest: ['ChecksumMismatch'],
  XAmzContentChecksumMismatch: ['ChecksumMismatch'],
  XAmzContentSHA256Mismatch: ['ChecksumMismatch'],
  IncompleteBody: ['LengthMismatch'],

  AccessDenied: ['PermissionDenied'],
  InvalidAccessKeyId: ['Unauthenticated', 'no', 'the service does not know this accessKey'],
  SignatureDoesNotMatch: ['Unauthenticated', 'no', 'the secretKey is not that of the accessKey'],
  ExpiredToken: ['Unauthenticated', 'no', 'the temporary keys have expired: get new ones'],
  TokenRefreshRequired: ['Unauthenticated', 'no', 'the temporary keys have expired: get new ones'],
  InvalidToken: ['Unauthenticated'],
  CredentialsProviderError: ['Unauthenticated', 'no', 'no credentials were found: set accessKey and secretKey'],
  RequestTimeTooSkewed: ['Unauthenticated', 'no', 'the clock of this machine is wrong'],

  SlowDown: ['Throttled', 'safe'],
  SlowDownRead: ['Throttled', 'safe'],
  SlowDownWrite: ['Throttled', 'safe'],
  Throttling: ['Throttled', 'safe'],
  RequestLimitExceeded: ['Throttled', 'safe'],
  // Of the key service.
  ThrottlingException: ['Throttled', 'safe'],
  'KMS.ThrottlingException': ['Throttled', 'safe'],
  'KMS.NotFoundException': ['InvalidConfig', 'no', noSuchKey],
  'KMS.DisabledException': ['InvalidConfig', 'no', keyUnusable],
  'KMS.KMSInvalidStateException': ['InvalidConfig', 'no', keyUnusable],
  'KMS.InvalidKeyUsageException': ['InvalidConfig', 'no', keyUnusable],
  'KMS.InvalidStateException': ['InvalidConfig', 'no', keyUnusable],
  RequestTimeout: ['Timeout', 'safe'],
  InternalError: ['Unavailable', 'ambiguous'],
  XMinioStorageFull: ['QuotaExceeded'],
  XMinioAdminBucketQuotaExceeded: ['QuotaExceeded'],
};

/** Names an error of the SDK. */
export function classify(error: unknown): Classification {
  if (isDriverFault(error)) return error.classification;
  if (!(error instanceof Error)) return { code: 'Unknown', retryable: 'no' };
  if (error.name === 'AbortError') return { code: 'Aborted', retryable: 'ambiguous' };

  const answered = answerOf(error);
  const connection = classifyConnection(error);
  if (answered.httpStatus === undefined && connection !== undefined) return withAddressHint(connection);

  const providerCode = codeOf(error);
  if (clockIsCorrected(error)) {
    const hint = byCode['RequestTimeTooSkewed']?.[2];
    return defined({ code: 'Unauthenticated', retryable: 'safe', hint, providerCode, ...answered } as const);
  }
  const [fromStatus, retryOfStatus] = classifyStatus(answered.httpStatus ?? 0);
  const known = isDeleteMarker(error)
    ? byCode['NoSuchKey']
    : (meaningOf(providerCode, error.message) ?? byCode[providerCode]);
  const [code, retryable, hint] = known ?? [fromStatus, retryOfStatus];
  const elsewhere = classifyRegion(providerCode, { ...answered, region: regionIn(error) });
  const naming = { code, retryable: retryable ?? 'no', hint, ...elsewhere, ...nameOf(error) } as const;
  return defined({ ...naming, providerCode, ...answered });
}

/** The SDK has learnt the time of the service from this very refusal, and signs with it from now on. */
export function clockIsCorrected(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { clockSkewCorrected?: boolean; httpStatusCode?: number } };
  return $metadata?.clockSkewCorrected === true && $metadata.httpStatusCode === 403;
}

/** No connection came about at all: most often the address is not that of the service. */
function withAddressHint(connection: Classification): Classification {
  if (connection.retryable !== 'safe' || connection.hint !== undefined) return connection;
  return { ...connection, hint: 'nothing answers there: check endpointUrl' };
}

/** The error that an answer tells of one of several keys, as the SDK would have thrown it. */
export function errorOf(code: string, message: string | undefined, requestId: string | undefined): Error {
  return Object.assign(new Error(message ?? code), { name: code, $metadata: { requestId } });
}

/** The code that the service gave. MinIO says it in a header where an answer has no body. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return headerOf(error, 'x-minio-error-code') ?? error.name;
}

/** Whether a code came with an answer that has no body. */
export function isExplained(error: unknown): boolean {
  return error instanceof Error && headerOf(error, 'x-minio-error-code') !== undefined;
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? answerOf(error).httpStatus : undefined;
}

/** A version that is a deletion is refused as what cannot be read. */
function isDeleteMarker(error: Error): boolean {
  return statusOf(error) === 405 && headerOf(error, 'x-amz-delete-marker') === 'true';
}

interface Answer {
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

function answerOf(error: Error): Answer {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number; requestId?: string } };
  return {
    httpStatus: $metadata?.httpStatusCode,
    requestId: $metadata?.requestId,
    retryAfterMs: retryAfterMs(headerOf(error, 'retry-after')),
  };
}

function headerOf(error: Error, name: string): string | undefined {
  const { $response } = error as { $response?: { headers?: Record<string, string> } };
  return $response?.headers?.[name];
}
