import type { BlobHTTPHeaders, BlobRequestConditions, BlockBlobUploadOptions } from '@azure/storage-blob';
import {
  type CallContext,
  type ContentHeaders,
  defined,
  encodeMetadata,
  named,
  type PutRequest,
  type PutResponse,
  type RemoveRequest,
  type RemoveResponse,
  sendStream,
  type WriteCondition,
} from '@storage/core/driver';
import { createHash } from 'node:crypto';
import { blobOf, type Connection } from './connection.ts';
import { codeOf, statusOf } from './errors.ts';
import { checksumOf, present } from './object-info.ts';

/** Stores an object in one request. */
export async function put(connection: Connection, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const { attributes, body, onProgress } = request;
  const options: BlockBlobUploadOptions = {
    ...(request.native as BlockBlobUploadOptions | undefined),
    blobHTTPHeaders: headersOf(attributes.headers),
    metadata: encodeMetadata(attributes, 'identifier'),
    conditions: conditionsOf(request.condition),
    ...(onProgress !== undefined && { onProgress: ({ loadedBytes }) => onProgress(loadedBytes) }),
  };
  const send = async (
    content: Buffer | NodeJS.ReadableStream,
    size: number,
    more: BlockBlobUploadOptions,
  ): Promise<PutResponse> => {
    const answer = await blobOf(connection, request.key).upload(content, size, { ...options, ...more });
    const { etag, lastModified, contentMD5 } = answer;
    return { size, etag: present(etag, 'ETag'), ...defined({ lastModified }), ...checksumOf(contentMD5) };
  };

  try {
    if (body.pieces !== undefined) {
      const bytes = Buffer.concat(body.pieces);
      const sum = request.integrity === 'none' ? {} : { transactionalContentMD5: md5(bytes) };
      return await send(bytes, bytes.byteLength, { ...sum, abortSignal: context.signal });
    }
    const size = present(body.size, 'size');
    return await sendStream(body, context.signal, (stream, abortSignal) => send(stream, size, { abortSignal }));
  } catch (error) {
    throw isLostRace(error, request.condition) ? named(error, 'AlreadyExists') : error;
  }
}

/** Deletes an object, and says whether it was there. */
export async function remove(
  connection: Connection,
  request: RemoveRequest,
  { signal }: CallContext,
): Promise<RemoveResponse> {
  const conditions = defined({ ifMatch: request.ifMatch });
  try {
    await blobOf(connection, request.key).delete({ abortSignal: signal, conditions });
    return { existed: true };
  } catch (error) {
    if (codeOf(error) !== 'BlobNotFound') throw error;
    if (request.ifMatch !== undefined) throw named(error, 'PreconditionFailed');
    if (request.mustExist === true) throw error;
    return { existed: false };
  }
}

function headersOf(headers: ContentHeaders): BlobHTTPHeaders {
  return defined({
    blobContentType: headers.contentType,
    blobCacheControl: headers.cacheControl,
    blobContentDisposition: headers.contentDisposition,
    blobContentEncoding: headers.contentEncoding,
    blobContentLanguage: headers.contentLanguage,
  });
}

function conditionsOf(condition: WriteCondition): BlobRequestConditions {
  if (condition.ifAbsent === true) return { ifNoneMatch: '*' };
  return defined({ ifMatch: condition.ifMatch, ifNoneMatch: condition.ifNoneMatch });
}

/** The service refuses a create-only write with 409, in some cases with 412. */
function isLostRace(error: unknown, condition: WriteCondition): boolean {
  return condition.ifAbsent === true && statusOf(error) === 412;
}

function md5(bytes: Uint8Array): Uint8Array {
  return createHash('md5').update(bytes).digest();
}
