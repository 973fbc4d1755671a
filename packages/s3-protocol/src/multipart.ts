import type {
  CallContext,
  CompleteUploadRequest,
  CreateUploadRequest,
  MultipartMember,
  PutResponse,
  UploadRequest,
} from '@storage/core/driver';
import { fromAttributes } from './attributes.ts';
import { fromChecksum } from './checksums.ts';
import { fromCondition, refusal } from './conditions.ts';
import type { Connection } from './connection.ts';
import { fromEncryption, type S3Encryption } from './encryption.ts';
import { codeOf } from './errors.ts';
import { listIncomplete } from './list-incomplete.ts';
import { listParts } from './list-parts.ts';
import { withNative } from './native.ts';
import { placedIn, present, whatIsStored } from './object-info.ts';
import { putPart } from './upload-part.ts';

/** Uploads in parts. */
export function createMultipart(connected: () => Promise<Connection>): Required<MultipartMember> {
  return {
    create: async (request, context) => create(await connected(), request, context),
    putPart: async (request, context) => putPart(await connected(), request, context),
    complete: async (request, context) => complete(await connected(), request, context),
    abort: async (request, context) => abort(await connected(), request, context),
    listParts: async (request, context) => listParts(await connected(), request, context),
    listIncomplete: async (request, context) => listIncomplete(await connected(), request, context),
  };
}

/** Opens an upload. The checksum of its parts becomes one of the whole object. */
export async function create(
  connection: Connection,
  {
    key,
    attributes,
    integrity,
    native,
    encryption,
  }: CreateUploadRequest & { readonly encryption?: S3Encryption | undefined },
  context: CallContext,
): Promise<{ uploadId: string }> {
  const { bucket, client, options, sdk } = connection;
  const hasChecksum = integrity !== 'none' && options.profile.checksum !== false;
  const command = new sdk.CreateMultipartUploadCommand({
    ...withNative({ ...fromAttributes(connection, attributes), ...fromEncryption(encryption) }, native),
    Bucket: bucket,
    Key: key,
    ...(hasChecksum && { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }),
  });
  const answer = await client.send(command, { abortSignal: context.signal });
  return { uploadId: present(answer.UploadId, 'UploadId') };
}

/** Makes one object of the parts. */
export async function complete(
  connection: Connection,
  { key, uploadId, parts, condition, attributes }: CompleteUploadRequest,
  context: CallContext,
): Promise<PutResponse> {
  const hasChecksum = parts.every(({ checksum }) => checksum !== undefined);
  const command = new connection.sdk.CompleteMultipartUploadCommand({
    Bucket: connection.bucket,
    Key: key,
    UploadId: uploadId,
    MultipartUpload: {
      Parts: parts.map(({ partNumber, etag, checksum }) => ({
        PartNumber: partNumber,
        ETag: etag,
        ...fromChecksum(checksum),
      })),
    },
    ...(hasChecksum && { ChecksumType: 'FULL_OBJECT' }),
    ...fromCondition(condition),
  });
  const placed = placedIn(connection, fromAttributes(connection, attributes));
  try {
    const answer = await connection.client.send(command, { abortSignal: context.signal });
    return { size: parts.reduce((sum, part) => sum + part.size, 0), ...whatIsStored(connection, answer), ...placed };
  } catch (error) {
    throw refusal(error, condition);
  }
}

/** Frees the parts of an upload; one that is gone is as good. */
export async function abort(
  connection: Connection,
  { key, uploadId }: UploadRequest,
  context: Pick<CallContext, 'signal'>,
): Promise<void> {
  const command = new connection.sdk.AbortMultipartUploadCommand({
    Bucket: connection.bucket,
    Key: key,
    UploadId: uploadId,
  });
  try {
    await connection.client.send(command, { abortSignal: context.signal });
  } catch (error) {
    if (codeOf(error) !== 'NoSuchUpload') throw error;
  }
}
