import type { CompleteMultipartUploadCommandInput, CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3';
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
import type { Wire } from './connection.ts';
import { fromEncryption, type S3Encryption } from './encryption.ts';
import { codeOf } from './errors.ts';
import { whole } from './half-answer.ts';
import { listIncomplete } from './list-incomplete.ts';
import { listParts } from './list-parts.ts';
import { withNative } from './native.ts';
import { placedIn, told, whatIsStored } from './object-info.ts';
import { putPart } from './upload-part.ts';

/** Uploads in parts. */
export function createMultipart(opened: () => Wire): Required<MultipartMember> {
  return {
    create: async (request, context) => create(opened(), request, context),
    putPart: async (request, context) => putPart(opened(), request, context),
    complete: async (request, context) => complete(opened(), request, context),
    abort: async (request, context) => abort(opened(), request, context),
    listParts: async (request, context) => listParts(await opened().connected(), request, context),
    listIncomplete: async (request, context) => listIncomplete(await opened().connected(), request, context),
  };
}

/** Opens an upload. The checksum of its parts becomes one of the whole object. */
export async function create(
  wire: Wire,
  {
    key,
    attributes,
    integrity,
    native,
    encryption,
  }: CreateUploadRequest & { readonly encryption?: S3Encryption | undefined },
  context: CallContext,
): Promise<{ uploadId: string }> {
  const { bucket, options, verbs } = wire;
  const hasChecksum = integrity !== 'none' && options.profile.checksum !== false;
  const input: CreateMultipartUploadCommandInput = {
    ...withNative({ ...fromAttributes(wire, attributes), ...fromEncryption(encryption) }, native),
    Bucket: bucket,
    Key: key,
    ...(hasChecksum && { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }),
  };
  const answer = await whole('an upload', verbs.createMultipartUpload(input, context.signal));
  return { uploadId: told(answer.UploadId, 'id of an upload', 'ambiguous') };
}

/** Makes one object of the parts. */
export async function complete(
  wire: Wire,
  { key, uploadId, parts, condition, attributes }: CompleteUploadRequest,
  context: CallContext,
): Promise<PutResponse> {
  const hasChecksum = parts.every(({ checksum }) => checksum !== undefined);
  const input: CompleteMultipartUploadCommandInput = {
    Bucket: wire.bucket,
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
  };
  const placed = placedIn(wire, fromAttributes(wire, attributes));
  try {
    const answer = await whole('a completion', wire.verbs.completeMultipartUpload(input, context.signal));
    told(answer.ETag, 'etag of the object', 'ambiguous');
    return { size: parts.reduce((sum, part) => sum + part.size, 0), ...whatIsStored(wire, answer), ...placed };
  } catch (error) {
    throw refusal(error, condition);
  }
}

/** Frees the parts of an upload; one that is gone is as good. */
export async function abort(
  { bucket, verbs }: Wire,
  { key, uploadId }: UploadRequest,
  context: Pick<CallContext, 'signal'>,
): Promise<void> {
  try {
    await verbs.abortMultipartUpload({ Bucket: bucket, Key: key, UploadId: uploadId }, context.signal);
  } catch (error) {
    if (codeOf(error) !== 'NoSuchUpload') throw error;
  }
}
