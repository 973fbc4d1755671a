import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { BlockBlobUploadOptions } from '@azure/storage-blob';
import { type CallContext, defined, type PutRequest, type PutResponse, sendStream } from '@storage/core/driver';
import { writtenAttributes } from './attributes.ts';
import { namingLostRace, writeConditions } from './conditions.ts';
import { blobOf, type Connection } from './connection.ts';
import { checksumOf, present } from './object-info.ts';

/** Bytes in memory up to this go in one piece; more as a stream, so that core sees them move on a slow line. */
const inOnePiece = 1024 * 1024;

/** Stores an object in one request. */
export async function put(connection: Connection, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const { body, integrity } = request;
  const options: BlockBlobUploadOptions = {
    ...(request.native as BlockBlobUploadOptions | undefined),
    ...writtenAttributes(request.attributes),
    conditions: writeConditions(request.condition),
    ...(integrity === 'default' && body.pieces !== undefined && { transactionalContentMD5: md5(body.pieces) }),
  };
  const size = present(body.size, 'size');
  const send = async (content: Buffer | Readable, abortSignal: AbortSignal): Promise<PutResponse> => {
    const blob = blobOf(connection, request.key);
    const { etag, lastModified, versionId, contentMD5 } = await blob.upload(content, size, { ...options, abortSignal });
    return { size, etag: present(etag, 'ETag'), ...defined({ lastModified, versionId }), ...checksumOf(contentMD5) };
  };
  try {
    if (body.pieces !== undefined && size <= inOnePiece) return await send(Buffer.concat(body.pieces), context.signal);
    return await sendStream(body, context.signal, send);
  } catch (error) {
    throw namingLostRace(error, request.condition);
  }
}

/** MD5 of bytes in memory. */
export function md5(pieces: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('md5');
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}
