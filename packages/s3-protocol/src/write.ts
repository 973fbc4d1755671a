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
import { crc32 } from 'node:zlib';
import type { Connection } from './connection.ts';
import { codeOf, statusOf } from './errors.ts';
import { present, whatIsStored } from './object-info.ts';

/** Stores an object in one request. */
export async function put(connection: Connection, request: PutRequest, context: CallContext): Promise<PutResponse> {
  context.signal.throwIfAborted();
  const { body } = request;
  const input: PutObjectCommandInput = {
    ...(request.native as Partial<PutObjectCommandInput> | undefined),
    Bucket: connection.bucket,
    Key: request.key,
    ...fromAttributes(request.attributes),
    ...fromCondition(request.condition),
  };
  const send = (whole: PutObjectCommandInput, abortSignal: AbortSignal): Promise<PutResponse> =>
    connection.client
      .send(new connection.sdk.PutObjectCommand(whole), { abortSignal })
      .then((answer) => ({ size: present(whole.ContentLength, 'size'), ...whatIsStored(answer) }));

  try {
    if (body.pieces !== undefined) {
      const bytes = Buffer.concat(body.pieces);
      const sum = request.integrity === 'none' ? {} : { ChecksumCRC32: crc32Base64(bytes) };
      return await send({ ...input, ...sum, Body: bytes, ContentLength: bytes.byteLength }, context.signal);
    }
    // Known only at the end, the checksum then follows the body.
    const sum = request.integrity === 'none' ? {} : ({ ChecksumAlgorithm: 'CRC32' } as const);
    return await sendStream(body, context.signal, (stream, signal) =>
      send({ ...input, ...sum, Body: stream, ContentLength: body.size }, signal),
    );
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

function crc32Base64(bytes: Uint8Array): string {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(crc32(bytes));
  return buffer.toString('base64');
}
