import type { CallContext, RemoveRequest, RemoveResponse } from '@storage/core/driver';
import type { Connection } from './connection.ts';

/** Deletes an object; the service does not say whether it was there. */
export async function remove(
  connection: Connection,
  request: RemoveRequest,
  context: CallContext,
): Promise<RemoveResponse> {
  const command = new connection.sdk.DeleteObjectCommand({
    Bucket: connection.bucket,
    Key: request.key,
    VersionId: request.versionId,
    // `*`: whatever is there.
    IfMatch: request.ifMatch ?? (request.mustExist === true ? '*' : undefined),
  });
  const answer = await connection.client.send(command, { abortSignal: context.signal });
  return {
    existed: undefined,
    ...(answer.VersionId !== undefined && { versionId: answer.VersionId }),
    ...(answer.DeleteMarker !== undefined && { deleteMarker: answer.DeleteMarker }),
  };
}
