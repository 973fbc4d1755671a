import type { BlobGetPropertiesResponse } from '@azure/storage-blob';
import { defined, type FileInfo } from '@storage/core/driver';
import { blobOf, type Connection } from './connection.ts';
import { present, toObjectInfo } from './object-info.ts';

/** Info of a file, and what only this service says of it. */
export interface BlobProperties extends FileInfo {
  /** The access tier; the same as `tier`. */
  readonly blobTier?: string;
  /** Whether nobody set the tier: it is the account's default. */
  readonly tierInferred?: boolean;
  readonly tierChangedOn?: Date;
  /** `rehydrate-pending-to-hot` and the like while an archived blob is on its way back. */
  readonly archiveStatus?: string;
  readonly rehydratePriority?: string;
  /** Only where the account tracks access: to the day. */
  readonly lastAccessedOn?: Date;
  readonly createdOn?: Date;
  readonly isCurrentVersion?: boolean;
  readonly leaseState?: string;
  readonly leaseStatus?: string;
  readonly copyStatus?: string;
  readonly tagCount?: number;
  /** Until when an immutability policy keeps it. */
  readonly immutableUntil?: Date;
  readonly immutabilityMode?: string;
  readonly legalHold?: boolean;
  readonly serverEncrypted?: boolean;
  readonly encryptionScope?: string;
}

/** Everything that the service tells of a blob. https://learn.microsoft.com/rest/api/storageservices/get-blob-properties */
export async function getBlobProperties(
  connection: Connection,
  key: string,
  signal: AbortSignal,
): Promise<BlobProperties> {
  return toBlobProperties(key, await blobOf(connection, key).getProperties({ abortSignal: signal }));
}

function toBlobProperties(key: string, answer: BlobGetPropertiesResponse): BlobProperties {
  const size = present(answer.contentLength, 'Content-Length');
  const { token: _ours, ...info } = toObjectInfo(key, size, answer.contentMD5, answer);
  return {
    ...info,
    ...defined({
      blobTier: answer.accessTier,
      tierInferred: answer.accessTierInferred,
      tierChangedOn: answer.accessTierChangedOn,
      archiveStatus: answer.archiveStatus,
      rehydratePriority: answer.rehydratePriority,
      lastAccessedOn: answer.lastAccessed,
      createdOn: answer.createdOn,
      isCurrentVersion: answer.isCurrentVersion,
      leaseState: answer.leaseState,
      leaseStatus: answer.leaseStatus,
      copyStatus: answer.copyStatus,
      tagCount: answer.tagCount,
      immutableUntil: answer.immutabilityPolicyExpiresOn,
      immutabilityMode: answer.immutabilityPolicyMode,
      legalHold: answer.legalHold,
      serverEncrypted: answer.isServerEncrypted,
      encryptionScope: answer.encryptionScope,
    }),
  };
}
