import type { CallContext, ObjectAttributes, PartReceipt, PutResponse } from '@storage/core/driver';
import { checksumOf } from './checksums.ts';
import type { Connection } from './connection.ts';
import type { ObjectCopy } from './copy-object.ts';
import { defaultTier } from './copy-object.ts';
import { fromSource, ofSource } from './copy-source.ts';
import { inParallel } from './in-parallel.ts';
import { abort, complete, create } from './multipart.ts';
import { headersOf, present } from './object-info.ts';
import { getTags } from './tags.ts';

// Large enough that requests do not matter, small enough that each is soon done.
const partSize = 256 * 1024 ** 2;
const concurrency = 8;
// How long a copy that failed waits for its parts to be freed.
const freeMs = 5_000;

/** Copies as an upload whose parts are copied; its completion enforces the condition. */
export async function copyInParts(
  connection: Connection,
  plan: ObjectCopy,
  context: CallContext,
): Promise<PutResponse> {
  const { key, condition } = plan;
  const attributes = await wholeAttributes(connection, plan, context);
  const integrity = connection.options.profile.checksumsCopiedParts ? 'default' : 'none';
  const { uploadId } = await create(connection, { key, attributes, integrity, encryption: plan.encryption }, context);
  try {
    const parts = await copyParts(connection, plan, uploadId, context);
    return await complete(connection, { key, uploadId, parts, condition, attributes }, context);
  } catch (error) {
    // Not with the signal of the call, which may have ended it: the parts would stay.
    await abort(connection, { key, uploadId }, { signal: AbortSignal.timeout(freeMs) }).catch(() => undefined);
    throw error;
  }
}

/** What CopyObject would take from the source by itself. */
export async function wholeAttributes(
  connection: Connection,
  { source, info, attributes, tier = defaultTier(connection) }: ObjectCopy,
  context: CallContext,
): Promise<ObjectAttributes> {
  const given = attributes ?? { headers: headersOf(info), metadata: info.metadata };
  const hasTags = connection.options.capabilities.tags;
  const tags = given.tags ?? (hasTags ? await getTags(connection, source, context) : undefined);
  return { ...given, ...(tags !== undefined && { tags }), ...(tier !== undefined && { tier }) };
}

function copyParts(
  connection: Connection,
  plan: ObjectCopy,
  uploadId: string,
  context: CallContext,
): Promise<PartReceipt[]> {
  const ranges = rangesOf(plan.info.size, connection.options);
  return inParallel(ranges, { concurrency, signal: context.signal }, async ({ start, end }, index, abortSignal) => {
    const partNumber = index + 1;
    const command = new connection.sdk.UploadPartCopyCommand({
      Bucket: connection.bucket,
      Key: plan.key,
      UploadId: uploadId,
      PartNumber: partNumber,
      ...fromSource(connection, plan.source, plan.info),
      CopySourceRange: `bytes=${start}-${end - 1}`,
    });
    const answer = await connection.client.send(command, { abortSignal }).catch((error: unknown) => {
      throw ofSource(error);
    });
    context.progressed?.();
    const result = present(answer.CopyPartResult, 'CopyPartResult');
    const checksum = checksumOf(result);
    const etag = present(result.ETag, 'ETag');
    return { partNumber, size: end - start, etag, ...(checksum !== undefined && { checksum }) };
  });
}

/** The parts of an object of `size` bytes, which is not empty. */
function rangesOf(
  size: number,
  { capabilities, copyInPartsAbove = Infinity }: Connection['options'],
): { start: number; end: number }[] {
  const { maxParts, minPartSize } = capabilities.multipart || { maxParts: 1, minPartSize: 1 };
  const length = Math.max(Math.min(partSize, copyInPartsAbove), minPartSize, Math.ceil(size / maxParts));
  return Array.from({ length: Math.ceil(size / length) }, (_, index) => ({
    start: index * length,
    end: Math.min(size, (index + 1) * length),
  }));
}
