import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import {
  type CallContext,
  encodeMetadata,
  named,
  type ObjectAttributes,
  type PutRequest,
  type PutResponse,
  type RemoveRequest,
  type RemoveResponse,
  sendStream,
  type WriteCondition,
} from '@storage/core/driver';
import { type Connection, signWith } from './connection.ts';
import { codeOf, statusOf } from './errors.ts';
import { present, whatIsStored } from './object-info.ts';

/** Bytes in memory up to this go in one piece; more as a stream, so that core sees them move on a slow line. */
const inOnePiece = 1024 * 1024;

/** Stores an object in one request. */
export async function put(connection: Connection, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const { body } = request;
  const input: PutObjectCommandInput = {
    ...(request.native as Partial<PutObjectCommandInput> | undefined),
    Bucket: connection.bucket,
    Key: request.key,
    ContentLength: body.size,
    ...fromAttributes(request.attributes),
    ...fromCondition(request.condition),
    ...checksumOf(request),
  };
  const send = async (Body: Buffer | Readable, abortSignal: AbortSignal): Promise<PutResponse> => {
    const command = new connection.sdk.PutObjectCommand({ ...input, Body });
    if (body.pieces !== undefined && Body instanceof Readable) signWith(command, sha256(body.pieces));
    const answer = await connection.client.send(command, { abortSignal });
    return { size: present(body.size, 'size'), ...whatIsStored(answer) };
  };
  const { pieces, size = 0 } = body;
  try {
    if (pieces !== undefined && size <= inOnePiece) return await send(Buffer.concat(pieces), context.signal);
    return await sendStream(body, context.signal, send);
  } catch (error) {
    throw refusal(error, request.condition);
  }
}

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
  });
  const answer = await connection.client.send(command, { abortSignal: context.signal });
  return {
    existed: undefined,
    ...(answer.VersionId !== undefined && { versionId: answer.VersionId }),
    ...(answer.DeleteMarker !== undefined && { deleteMarker: answer.DeleteMarker }),
  };
}

function fromAttributes({ headers, metadata, token }: ObjectAttributes): Partial<PutObjectCommandInput> {
  return {
    ContentType: headers.contentType,
    CacheControl: headers.cacheControl,
    ContentDisposition: headers.contentDisposition,
    ContentEncoding: headers.contentEncoding,
    ContentLanguage: headers.contentLanguage,
    Metadata: encodeMetadata({ metadata, token }, 'header'),
  };
}

function fromCondition(condition: WriteCondition): Partial<PutObjectCommandInput> {
  if (condition.ifAbsent === true) return { IfNoneMatch: '*' };
  return { IfMatch: condition.ifMatch, IfNoneMatch: condition.ifNoneMatch };
}

/** What a refusal means depends on what was asked for. */
function refusal(error: unknown, condition: WriteCondition): unknown {
  if (statusOf(error) === 412 && condition.ifAbsent === true) return named(error, 'AlreadyExists');
  if (codeOf(error) === 'NoSuchKey' && condition.ifMatch !== undefined) return named(error, 'PreconditionFailed');
  return error;
}

/** The checksum of bytes in memory; that of a stream is known only at its end, and follows it. */
function checksumOf({ integrity, body }: PutRequest): Partial<PutObjectCommandInput> {
  if (integrity === 'none') return {};
  if (body.pieces === undefined) return { ChecksumAlgorithm: 'CRC32' };
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(body.pieces.reduce((sum, piece) => crc32(piece, sum), 0));
  return { ChecksumCRC32: buffer.toString('base64') };
}

function sha256(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
