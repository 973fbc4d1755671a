import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
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
import { blobOf, type Connection } from './connection.ts';
import { codeOf, statusOf } from './errors.ts';
import { checksumOf, present } from './object-info.ts';

/** Bytes in memory up to this go in one piece; more as a stream, so that core sees them move on a slow line. */
const inOnePiece = 1024 * 1024;

/** Stores an object in one request. */
export async function put(connection: Connection, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const { attributes, body, integrity } = request;
  const options: BlockBlobUploadOptions = {
    ...(request.native as BlockBlobUploadOptions | undefined),
    blobHTTPHeaders: headersOf(attributes.headers),
    metadata: encodeMetadata(attributes, 'identifier'),
    conditions: conditionsOf(request.condition),
    ...(integrity === 'default' && body.pieces !== undefined && { transactionalContentMD5: md5(body.pieces) }),
  };
  const size = present(body.size, 'size');
  const send = async (content: Buffer | Readable, abortSignal: AbortSignal): Promise<PutResponse> => {
    const blob = blobOf(connection, request.key);
    const { etag, lastModified, contentMD5 } = await blob.upload(content, size, { ...options, abortSignal });
    return { size, etag: present(etag, 'ETag'), ...defined({ lastModified }), ...checksumOf(contentMD5) };
  };
  try {
    if (body.pieces !== undefined && size <= inOnePiece) return await send(Buffer.concat(body.pieces), context.signal);
    return await sendStream(body, context.signal, send);
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

function md5(pieces: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('md5');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}
