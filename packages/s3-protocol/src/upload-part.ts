import type { CallContext, PartReceipt, PutPartRequest } from '@storage/core/driver';
import { checksumOf, checksumOfBody } from './checksums.ts';
import type { Wire } from './connection.ts';
import { present } from './object-info.ts';

/** Stores one part of an upload. */
export async function putPart(
  { bucket, options, verbs }: Wire,
  request: PutPartRequest,
  context: CallContext,
): Promise<PartReceipt> {
  context.signal.throwIfAborted();
  const { body, partNumber } = request;
  const input = {
    Bucket: bucket,
    Key: request.key,
    UploadId: request.uploadId,
    PartNumber: partNumber,
    ContentLength: body.size,
    ...checksumOfBody(options.profile, body, request.integrity),
  };
  const answer = await verbs.uploadPart(input, body, context.signal);
  const checksum = checksumOf(answer);
  return {
    partNumber,
    size: body.size,
    etag: present(answer.ETag, 'ETag'),
    ...(checksum !== undefined && { checksum }),
  };
}
