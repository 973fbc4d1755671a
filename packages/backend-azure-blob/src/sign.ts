import type { BlobSASSignatureValues, SASQueryParameters } from '@azure/storage-blob';
import {
  type CallContext,
  DriverFault,
  defined,
  type SignedRequest,
  type SignMethod,
  type SignRequest,
} from '@storage/core/driver';
import { blobOf, type Connection, type Reach } from './connection.ts';
import { createDelegationKeys, type DelegationKeys } from './delegation-keys.ts';
import { proveVersion } from './versions-guard.ts';

type Sign = (request: SignRequest, context: CallContext) => Promise<SignedRequest>;

/** The least that each method needs. A signature for writing is good for all of a blob's content, not for reading it. */
const permissions: Readonly<Record<SignMethod, string>> = { GET: 'r', HEAD: 'r', PUT: 'w', DELETE: 'd' };

/**
 * Signs requests: a service SAS with the account's key, a user-delegation SAS with a token.
 * https://learn.microsoft.com/rest/api/storageservices/delegate-access-with-shared-access-signature
 */
export function createSign(reach: Reach): Sign {
  const keys = createDelegationKeys(async () => (await reach().connected()).service());
  return async (request, { signal }) => {
    const connection = await reach().connected();
    const { key, method, versionId } = request;
    if (versionId !== undefined) await proveVersion(connection, key, versionId, signal);
    // Whole seconds are what a signature holds.
    const expiresAt = new Date(Math.floor((Date.now() + request.expiresIn * 1000) / 1000) * 1000);
    const signature = await signatureOf(connection, keys, request, expiresAt, signal);
    const url = new URL(blobOf(connection, key, versionId).url);
    url.search = [url.search.slice(1), signature.toString()].filter(Boolean).join('&');
    return {
      method,
      url: atItsRegion(connection, method, url.href),
      headers: headersOf(connection, method),
      expiresAt,
    };
  };
}

async function signatureOf(
  { sdk, options }: Connection,
  keys: DelegationKeys,
  request: SignRequest,
  expiresOn: Date,
  signal: AbortSignal,
): Promise<SASQueryParameters> {
  const { credentials, containerName, endpointUrl, encryptionScope } = options;
  const values: BlobSASSignatureValues = {
    containerName,
    blobName: request.key,
    expiresOn,
    permissions: sdk.BlobSASPermissions.parse(permissions[request.method]),
    protocol: endpointUrl.startsWith('https:') ? sdk.SASProtocol.Https : sdk.SASProtocol.HttpsAndHttp,
    ...defined({
      versionId: request.versionId,
      contentType: request.responseContentType,
      contentDisposition: request.responseContentDisposition,
      encryptionScope: request.method === 'PUT' ? encryptionScope : undefined,
    }),
  };
  if (credentials.kind === 'key') {
    const credential = new sdk.StorageSharedKeyCredential(credentials.accountName, credentials.accountKey);
    return sdk.generateBlobSASQueryParameters(values, credential);
  }
  if (credentials.kind === 'sas') throw new DriverFault('Unsupported', 'a shared access signature cannot sign another');
  return sdk.generateBlobSASQueryParameters(values, await keys(expiresOn, signal), credentials.accountName);
}

/** What has to be sent along; the service has no default for the type of a blob. */
function headersOf({ options: { tier } }: Connection, method: SignMethod): Record<string, string> {
  if (method !== 'PUT') return {};
  return { 'x-ms-blob-type': 'BlockBlob', ...(tier !== undefined && { 'x-ms-access-tier': tier }) };
}

/** A signature is of the account, whichever of its regions is asked. */
function atItsRegion(
  { options: { endpointUrl, secondaryEndpoint } }: Connection,
  method: SignMethod,
  url: string,
): string {
  const reads = method === 'GET' || method === 'HEAD';
  return reads && secondaryEndpoint !== undefined ? secondaryEndpoint + url.slice(endpointUrl.length) : url;
}
