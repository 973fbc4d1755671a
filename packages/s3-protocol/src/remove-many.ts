import type { DeletedObject, _Error as DeleteError } from '@aws-sdk/client-s3';
import {
  type CallContext,
  DriverFault,
  defined,
  type RemoveManyRequest,
  type RemoveOutcome,
} from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { errorOf } from './errors.ts';

/** Deletes many objects in one request, which succeeds although keys of it fail. */
export async function removeMany(
  connection: Connection,
  { keys }: RemoveManyRequest,
  context: CallContext,
): Promise<readonly RemoveOutcome[]> {
  if (keys.length === 0) return [];
  const command = new connection.sdk.DeleteObjectsCommand({
    Bucket: connection.bucket,
    Delete: { Objects: keys.map((Key) => ({ Key })) },
    // The service wants one, and this is the one that both Node and the service compute fastest.
    ChecksumAlgorithm: 'CRC32',
  });
  const {
    Deleted = [],
    Errors = [],
    $metadata,
  } = await connection.client.send(command, {
    abortSignal: context.signal,
  });
  const deleted = new Map(Deleted.map((item) => [item.Key, item]));
  const failed = new Map(Errors.map((item) => [item.Key, item]));
  return keys.map((key) => outcomeOf(deleted.get(key), failed.get(key), $metadata.requestId));
}

function outcomeOf(
  deleted: DeletedObject | undefined,
  failed: DeleteError | undefined,
  requestId: string | undefined,
): RemoveOutcome {
  if (failed !== undefined) return { error: errorOf(failed.Code ?? 'Unknown', failed.Message, requestId) };
  if (deleted === undefined) {
    return {
      error: new DriverFault('Unknown', 'the answer of the service does not name this key', { retryable: 'safe' }),
    };
  }
  const { DeleteMarkerVersionId, VersionId, DeleteMarker } = deleted;
  return {
    existed: undefined,
    ...defined({ versionId: DeleteMarkerVersionId ?? VersionId, deleteMarker: DeleteMarker }),
  };
}
