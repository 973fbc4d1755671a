import type { CallContext, PartReceipt, PutPartRequest } from '@storage/core/driver';
import { checksumOf, checksumOfBody } from './checksums.ts';
import type { Connection } from './connection.ts';
import { present } from './object-info.ts';
import { sendBody } from './send-body.ts';

/** Stores one part of an upload. */
export async function putPart(
  connection: Connection,
  request: PutPartRequest,
  context: CallContext,
): Promise<PartReceipt> {
  context.signal.throwIfAborted();
  const { client, sdk, options } = connection;
  const { body, partNumber } = request;
  const input = {
    Bucket: connection.bucket,
    Key: request.key,
    UploadId: request.uploadId,
    PartNumber: partNumber,
    ContentLength: body.size,
    ...checksumOfBody(options.profile, body, request.integrity),
  };
  const answer = await sendBody(
    connection,
    body,
    context.signal,
    (Body) => new sdk.UploadPartCommand({ ...input, Body }),
    (command, abortSignal) => client.send(command, { abortSignal }),
  );
  const checksum = checksumOf(answer);
  return {
    partNumber,
    size: body.size,
    etag: present(answer.ETag, 'ETag'),
    ...(checksum !== undefined && { checksum }),
  };
}
