import type { BlockBlobUploadOptions, BlockBlobUploadResponse } from '@azure/storage-blob';
import { type CallContext, defined, type PutRequest, type PutResponse, type UploadBody } from '@storage/core/driver';
import { writtenAttributes } from './attributes.ts';
import { namingLostRace, writeConditions } from './conditions.ts';
import { blobOf, type Connection } from './connection.ts';
import { checksumOf, present } from './object-info.ts';
import { hashing, md5Of, sendBody } from './send-body.ts';

/** Stores an object in one request. */
export async function put(connection: Connection, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const size = present(request.body.size, 'size');
  try {
    const answer = await upload(connection, request, { ...request.body, size }, context);
    const { etag, lastModified, versionId, contentMD5 } = answer;
    return { size, etag: present(etag, 'ETag'), ...defined({ lastModified, versionId }), ...checksumOf(contentMD5) };
  } catch (error) {
    throw namingLostRace(error, request.condition);
  }
}

async function upload(
  connection: Connection,
  { key, attributes, condition, integrity, native }: PutRequest,
  body: UploadBody & { readonly size: number },
  { signal }: CallContext,
): Promise<BlockBlobUploadResponse> {
  const options: BlockBlobUploadOptions = {
    ...(native as BlockBlobUploadOptions | undefined),
    ...writtenAttributes(attributes),
    conditions: writeConditions(condition),
    ...(integrity === 'default' && body.pieces !== undefined && { transactionalContentMD5: md5Of(body.pieces) }),
  };
  const blob = blobOf(connection, key);
  const send = (sent: UploadBody & { readonly size: number }): Promise<BlockBlobUploadResponse> =>
    sendBody(sent, signal, (content, abortSignal) => blob.upload(content, sent.size, { ...options, abortSignal }));

  if (integrity === 'none' || body.pieces !== undefined) return send(body);
  const hashed = hashing(body);
  const answer = await send(hashed.body);
  hashed.check(answer.contentMD5);
  return answer;
}
