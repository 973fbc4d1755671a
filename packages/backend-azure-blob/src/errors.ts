import {
  type Classification,
  classifyConnection,
  classifyStatus,
  defined,
  type ErrorCode,
  isDriverFault,
  nameOf,
  type Retryable,
  retryAfterMs,
} from '@storage/core/driver';
import { hintFor, isLeaseConflict } from './hints.ts';

/** What a code of the service means. Codes that say no more than their status are left to it. */
const byCode: Readonly<Record<string, readonly [code: ErrorCode, retryable?: Retryable]>> = {
  BlobNotFound: ['NotFound'],
  ContainerNotFound: ['BucketNotFound'],
  // Not of a blob: an account that is not there, or one that shows nothing to who does not sign.
  ResourceNotFound: ['BucketNotFound'],
  ContainerBeingDeleted: ['Unavailable', 'safe'],

  BlobAlreadyExists: ['AlreadyExists'],
  BlobArchived: ['Archived'],
  BlobBeingRehydrated: ['Archived'],
  InvalidBlockList: ['Conflict', 'safe'],
  InvalidRange: ['InvalidRange'],
  InvalidResourceName: ['InvalidKey'],
  OutOfRangeInput: ['InvalidArgument'],
  Md5Mismatch: ['ChecksumMismatch'],
  Crc64Mismatch: ['ChecksumMismatch'],

  AuthenticationFailed: ['Unauthenticated'],
  InvalidAuthenticationInfo: ['Unauthenticated'],
  NoAuthenticationInformation: ['Unauthenticated'],
  AuthorizationFailure: ['PermissionDenied'],
  AccountIsDisabled: ['PermissionDenied'],
  InsufficientAccountPermissions: ['PermissionDenied'],
  CredentialUnavailableError: ['Unauthenticated'],
  AuthenticationError: ['Unauthenticated'],
  AggregateAuthenticationError: ['Unauthenticated'],

  BlobImmutableDueToPolicy: ['PermissionDenied'],
  LegalHoldInEffect: ['PermissionDenied'],
  BlobUsesCustomerSpecifiedEncryption: ['PermissionDenied'],
  SnapshotsPresent: ['Conflict', 'no'],
  SnapshotOperationRateExceeded: ['Throttled', 'safe'],
  PendingCopyOperation: ['Conflict', 'no'],
  BlobNotArchived: ['InvalidArgument'],
  InvalidBlobType: ['InvalidArgument'],
  BlobTierInadequateForContentLength: ['InvalidArgument'],
  RequestBodyTooLarge: ['InvalidArgument'],
  BlockCountExceedsLimit: ['QuotaExceeded'],
  UncommittedBlockCountExceedsLimit: ['QuotaExceeded'],
  OperationNotAllowedOnRootBlob: ['InvalidArgument'],
  EncryptionScopeNotFound: ['InvalidArgument'],

  ServerBusy: ['Throttled', 'safe'],
  OperationTimedOut: ['Timeout', 'ambiguous'],
  InternalError: ['Unavailable', 'ambiguous'],
  FeatureNotSupported: ['Unsupported'],
  APINotImplemented: ['Unsupported'],
  FeatureNotYetSupportedForHierarchicalNamespaceAccounts: ['Unsupported'],
};

/** Names an error of the SDK. */
export function classify(error: unknown): Classification {
  if (isDriverFault(error)) return error.classification;
  if (!(error instanceof Error)) return { code: 'Unknown', retryable: 'no' };
  const naming = nameOf(error);
  if (error.name === 'AbortError' && naming === undefined) return { code: 'Aborted', retryable: 'ambiguous' };

  const answered = answerOf(error);
  const connection = classifyConnection(error);
  if (answered.httpStatus === undefined && connection !== undefined) {
    return defined({ hint: hintFor(connection.providerCode ?? '', error), ...connection });
  }

  const providerCode = codeOf(error);
  if (isHalf(error, answered)) {
    return { code: 'Unavailable', retryable: 'ambiguous', providerCode, ...defined(answered) };
  }
  const [fromStatus, retryOfStatus] = classifyStatus(answered.httpStatus ?? 0);
  // `ConditionNotMet` is the code of 304 and 412 alike.
  const [code, retryable] = meaningOf(providerCode) ?? [fromStatus, retryOfStatus];
  const hint = hintFor(providerCode, error);
  return defined({ ...(naming ?? { code, retryable: retryable ?? 'no' }), hint, providerCode, ...answered });
}

function meaningOf(providerCode: string): readonly [code: ErrorCode, retryable?: Retryable] | undefined {
  // A lease that is not ours ends when its holder wants, not within the time of a call.
  return isLeaseConflict(providerCode) ? ['Conflict', 'no'] : byCode[providerCode];
}

/**
 * An answer that says success and is not the one to what was asked, as a gateway gives it, or that broke off where the
 * SDK reads it itself: it is called unreadable, and nothing says why.
 */
function isHalf(error: Error, { httpStatus }: Answer): boolean {
  if (httpStatus === undefined) return codeOf(error) === 'PARSE_ERROR';
  return error.name === 'RestError' && httpStatus < 300;
}

/** The code that the service gave; in a header, where an answer has no body. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { details, code } = error as { details?: { errorCode?: string }; code?: string };
  return details?.errorCode ?? code ?? error.name;
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof Error ? answerOf(error).httpStatus : undefined;
}

interface Answer {
  readonly httpStatus: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;
}

interface FailedRequest {
  readonly statusCode?: number;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

function answerOf(error: Error): Answer {
  const { statusCode, response } = error as FailedRequest;
  return {
    httpStatus: statusCode,
    requestId: response?.headers.get('x-ms-request-id'),
    retryAfterMs: retryAfterMs(response?.headers.get('retry-after')),
  };
}
