/** What to do about a failure: one clause for people, by the code of the service. */
const byCode: Readonly<Record<string, string>> = {
  ContainerNotFound: 'containerName names no container: create it, or leave createContainer at true',
  ResourceNotFound: 'accountName or endpointUrl names no account that is there',
  InvalidAuthenticationInfo: 'the credential’s token is not one for this account: check its tenant and endpointUrl',
  NoAuthenticationInformation: 'the service saw no authorization at all: check endpointUrl, and proxies on the way',
  AuthorizationFailure:
    'accountKey, sasToken or sasUrl is not one of this account, or has expired, or its network rules do not let this machine in',
  AuthorizationPermissionMismatch:
    'the SAS or the role of the credential does not permit this: Storage Blob Data Contributor permits all of it',
  AuthorizationProtocolMismatch: 'the SAS is for https alone: begin endpointUrl with https://',
  AuthorizationSourceIPMismatch: 'the SAS is not for the address of this machine',
  AuthorizationServiceMismatch: 'the SAS is not for the service Blob: make one with ss=b',
  AuthorizationResourceTypeMismatch: 'the SAS is not for objects and containers: make one with srt=co',
  AccountIsDisabled: 'the account is disabled in the portal',

  BlobAccessTierNotSupportedForAccountType: 'accounts of this kind have no such tier: change tier',
  InvalidBlobTier: 'accounts of this kind have no such tier: change tier',
  BlobTierInadequateForContentLength: 'the blob is too large for this tier: change tier',
  BlobBeingRehydrated: 'it is on its way back from the archive: getBlobProperties(key) tells when it is there',
  BlobUsesCustomerSpecifiedEncryption: 'it was written with another key: give that one as customerProvidedKey',
  CustomerProvidedKeyNotSupported: 'this operation takes no customerProvidedKey',
  EncryptionScopeNotFound: 'encryptionScope names none of the account',
  FeatureNotYetSupportedForHierarchicalNamespaceAccounts: 'accounts with a hierarchical namespace cannot do this',

  BlobImmutableDueToPolicy: 'an immutability policy or a legal hold keeps it as it is',
  LegalHoldInEffect: 'a legal hold keeps it as it is',
  SnapshotsPresent: 'it has snapshots: delete them first, with getSnapshots(key) and deleteSnapshot(key, snapshot)',
  OperationNotAllowedOnRootBlob: 'this is the version that is current: delete the key without versionId',
  InvalidBlobType: 'the key holds an append or page blob: delete it first',
  InvalidBlobOrBlock:
    'another program has left blocks under this key whose ids have another length: save once in one request, which discards them',
  InvalidMetadata: 'a metadata name is no C# identifier, or a value is no header',
  ENOTFOUND: 'accountName or endpointUrl names no host that is known',

  CredentialUnavailableError: 'the credential has no way to sign in here',
  AuthenticationError: 'the credential could not sign in',
  AggregateAuthenticationError: 'none of the credential’s ways could sign in',
};

const leaseHint = 'another client holds a lease on it: write through withLease(leaseId), or wait until it ends';

/** Clocks further apart than this make every signature invalid. */
const tolerableSkewMs = 14 * 60 * 1000;

interface Failure {
  readonly details?: { readonly authenticationErrorDetail?: string };
  readonly message?: string;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

/** What to do about an error with this code; undefined where nothing helps. */
export function hintFor(providerCode: string, error: Error, now: number = Date.now()): string | undefined {
  if (providerCode === 'AuthenticationFailed') return authenticationHint(error, now);
  if (isLeaseConflict(providerCode)) return leaseHint;
  return Object.hasOwn(byCode, providerCode) ? byCode[providerCode] : undefined;
}

/** Whether a lease is in the way. */
export function isLeaseConflict(providerCode: string): boolean {
  return /^Lease(?:Id|Already|Is|Lost|NotPresent)/.test(providerCode);
}

/** The service says why in prose alone, and not in answers without a body. */
function authenticationHint({ details, message = '', response }: Failure, now: number): string {
  const said = `${details?.authenticationErrorDetail ?? ''} ${message}`;
  if (/not valid in the specified time frame/i.test(said)) {
    return 'the SAS has expired or is not valid yet: give a new sasToken or sasUrl, or set the clock of this machine';
  }
  const date = Date.parse(response?.headers.get('date') ?? '');
  const skewMs = Number.isNaN(date) ? 0 : now - date;
  if (Math.abs(skewMs) > tolerableSkewMs || /date header|too old/i.test(said)) {
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    const by = minutes === 0 ? '' : `, by ${String(minutes)} minutes ${skewMs > 0 ? 'ahead' : 'behind'}`;
    return `the clock of this machine is wrong${by}: set it`;
  }
  return 'accountKey is not that of accountName, or sasToken or sasUrl is not one of this account';
}
