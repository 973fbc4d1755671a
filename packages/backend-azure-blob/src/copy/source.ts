import type { BlobSyncCopyFromURLOptions } from '@azure/storage-blob';
import type { CopyRequest } from '@storage/core/driver';
import { blobOf, type Connection } from '../connection.ts';

/** An address from which the service itself may read, and with what right. */
export interface ReadableSource {
  readonly url: string;
  readonly authorization: Pick<BlobSyncCopyFromURLOptions, 'sourceAuthorization'>;
}

/** How long the service may take to begin with what it was asked for, in milliseconds. */
const lifeMs = 3_600_000;
const scope = 'https://storage.azure.com/.default';

/**
 * The service reads a source as anybody else would: it needs a signature of ours, or the right that we have.
 *
 * https://learn.microsoft.com/rest/api/storageservices/copy-blob-from-url#authorization
 */
export async function readableSource(
  connection: Connection,
  { key, versionId }: CopyRequest['source'],
  signal: AbortSignal,
): Promise<ReadableSource> {
  const { sdk, container } = connection;
  const blob = blobOf(connection, key, versionId);
  const { credential } = blob;
  if (credential instanceof sdk.StorageSharedKeyCredential) {
    const values = {
      containerName: container.containerName,
      blobName: key,
      // Read, and read the tags.
      permissions: sdk.BlobSASPermissions.parse('rt'),
      expiresOn: new Date(Date.now() + lifeMs),
      ...(versionId !== undefined && { versionId }),
    };
    const signature = sdk.generateBlobSASQueryParameters(values, credential).toString();
    return { url: `${blob.url}${blob.url.includes('?') ? '&' : '?'}${signature}`, authorization: {} };
  }
  if ('getToken' in credential) {
    const token = await credential.getToken(scope, { abortSignal: signal });
    const sourceAuthorization = { scheme: 'Bearer', value: token?.token ?? '' };
    return { url: blob.url, authorization: { sourceAuthorization } };
  }
  // The address of a container that was given with a signature carries it.
  return { url: blob.url, authorization: {} };
}
