import { type CallContext, named, type RemoveRequest, type RemoveResponse } from '@storage/core/driver';
import type { Wire } from './connection.ts';
import { codeOf, statusOf } from './errors.ts';

/** Deletes an object; the service does not say whether it was there. */
export async function remove(
  { bucket, verbs }: Wire,
  request: RemoveRequest,
  context: CallContext,
): Promise<RemoveResponse> {
  const input = {
    Bucket: bucket,
    Key: request.key,
    VersionId: request.versionId,
    // `*`: whatever is there.
    IfMatch: request.ifMatch ?? (request.mustExist === true ? '*' : undefined),
  };
  const answer = await verbs
    .deleteObject(input, context.signal)
    .catch((error: unknown) => Promise.reject(refusal(error, request) as Error));
  return {
    existed: undefined,
    ...(answer.VersionId !== undefined && { versionId: answer.VersionId }),
    ...(answer.DeleteMarker !== undefined && { deleteMarker: answer.DeleteMarker }),
  };
}

/** A key that is not there is refused by some services as missing, by some as failing the condition. */
function refusal(error: unknown, { ifMatch, mustExist }: RemoveRequest): unknown {
  const isMissing = codeOf(error) === 'NoSuchKey';
  if (ifMatch !== undefined) return isMissing ? named(error, 'PreconditionFailed') : error;
  return mustExist === true && statusOf(error) === 412 ? named(error, 'NotFound') : error;
}
