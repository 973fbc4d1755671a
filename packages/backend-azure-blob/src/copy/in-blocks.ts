import {
  type CallContext,
  type CopyRequest,
  defined,
  type ObjectAttributes,
  type ObjectInfo,
  type PutResponse,
  type WriteCondition,
} from '@storage/core/driver';
import { writtenAttributes } from '../attributes.ts';
import { namingLostRace, writeConditions } from '../conditions.ts';
import { blobOf, type Connection } from '../connection.ts';
import { createBlockId, createUploadId } from '../multipart/block-id.ts';
import { checksumOf, md5Bytes, present } from '../object-info.ts';
import type { RequestChange } from '../request-change.ts';
import type { CopyLimits } from './limits.ts';
import { readableSource } from './source.ts';

/** What is copied, to where, with what beside it. */
export interface BlockCopy {
  readonly source: CopyRequest['source'];
  /** The source as it was found; the copy is of that revision. */
  readonly info: ObjectInfo;
  readonly key: string;
  readonly attributes: ObjectAttributes;
  readonly condition: WriteCondition;
}

const maxBlocks = 50_000;
const concurrency = 8;

/**
 * Copies block by block on the server, and then commits all at once with its headers, metadata and tags: any size, and
 * what Copy Blob From URL cannot change. Rejects with the service's 412 when the source has changed.
 */
export async function copyInBlocks(
  connection: Connection,
  copy: BlockCopy,
  context: CallContext,
  limits: CopyLimits,
): Promise<PutResponse> {
  const { info, key, attributes, condition } = copy;
  const ids = await stageAll(connection, copy, context, limits);
  const { blobHTTPHeaders, ...written } = writtenAttributes(attributes);
  try {
    const input = {
      ids,
      ...written,
      blobHTTPHeaders: { ...blobHTTPHeaders, ...defined({ blobContentMD5: md5Bytes(info) }) },
      conditions: writeConditions(condition),
    };
    const { etag, lastModified, versionId } = await connection.verbs.commitBlocks({ key }, input, context.signal);
    const result = {
      size: info.size,
      etag: present(etag, 'ETag'),
      ...defined({ lastModified, versionId, tier: attributes.tier }),
    };
    return { ...result, ...checksumOf(md5Bytes(info)) };
  } catch (error) {
    throw namingLostRace(error, condition);
  }
}

/** Stages the source's bytes under the new key; resolves to the ids of the blocks, in order. */
async function stageAll(
  connection: Connection,
  copy: BlockCopy,
  context: CallContext,
  limits: CopyLimits,
): Promise<string[]> {
  const { size } = copy.info;
  const blockSize = Math.max(limits.block, Math.ceil(size / maxBlocks));
  const uploadId = createUploadId();
  const blocks = Array.from({ length: Math.ceil(size / blockSize) }, (_, index) => {
    const start = index * blockSize;
    const length = Math.min(blockSize, size - start);
    return { id: createBlockId(uploadId, index + 1, length), start, length };
  });
  // The service knows the condition, this call of the SDK does not.
  const container = connection.containerWith(pinning(copy.info.etag));
  const blob = blobOf({ container }, copy.key);
  const failure = new AbortController();
  const abortSignal = AbortSignal.any([context.signal, failure.signal]);
  const waiting = blocks.values();

  const lane = async (): Promise<void> => {
    for (const { id, start, length } of waiting) {
      abortSignal.throwIfAborted();
      // Signed anew: a large copy may outlive a signature.
      const { url, authorization } = await readableSource(connection, copy.source, abortSignal);
      await blob.stageBlockFromURL(id, url, start, length, { abortSignal, ...authorization });
      context.progressed?.();
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(concurrency, blocks.length) }, lane));
  } catch (error) {
    failure.abort(error);
    throw error;
  }
  return blocks.map(({ id }) => id);
}

/** https://learn.microsoft.com/rest/api/storageservices/put-block-from-url#request-headers */
function pinning(etag: string): RequestChange {
  return ({ headers }) => {
    headers.set('x-ms-source-if-match', etag);
  };
}
