import {
  type CallContext,
  defined,
  encodeMetadata,
  named,
  type ObjectInfo,
  type PutResponse,
  type SetMetadataRequest,
} from '@storage/core/driver';
import { blobHeaders, sameHeaders, withAttributes } from './attributes.ts';
import { blobOf, type Connection } from './connection.ts';
import { copyInBlocks } from './copy/in-blocks.ts';
import type { CopyLimits } from './copy/limits.ts';
import { codeOf } from './errors.ts';
import { md5Bytes, present } from './object-info.ts';
import { head } from './read.ts';
import { readTags } from './tags.ts';

/**
 * Replaces metadata and headers. The service has a request for each of them and none for both: where both change, the
 * blob is copied onto itself on the server, so that no reader sees the one without the other.
 */
export async function setMetadata(
  connection: Connection,
  request: SetMetadataRequest,
  context: CallContext,
  limits: CopyLimits,
): Promise<ObjectInfo> {
  const { key, headers, metadata, ifMatch } = request;
  const info = await head(connection, { key, ...defined({ ifMatch }) }, context);
  const newHeaders = !sameHeaders(headers, info);
  const newMetadata = !sameEntries(metadata, info.metadata);
  if (!newHeaders && !newMetadata) return info;
  const change: Change = { key, info, headers, metadata };
  const answer =
    newHeaders && newMetadata
      ? await replaceBoth(connection, change, context, limits)
      : await replaceOne(connection, change, newHeaders, context);
  const etag = present(answer.etag, 'ETag');
  const lastModified = present(answer.lastModified, 'Last-Modified');
  return { ...withAttributes(info, headers, metadata), etag, lastModified };
}

interface Change extends Pick<SetMetadataRequest, 'key' | 'headers' | 'metadata'> {
  /** The object as it was found: only that revision is changed. */
  readonly info: ObjectInfo;
}

function replaceOne(
  connection: Connection,
  { key, info, headers, metadata }: Change,
  replacesHeaders: boolean,
  { signal }: CallContext,
): Promise<{ readonly etag?: string; readonly lastModified?: Date }> {
  const blob = blobOf(connection, key);
  const options = { abortSignal: signal, conditions: { ifMatch: info.etag } };
  if (!replacesHeaders) return blob.setMetadata(encodeMetadata({ metadata, token: info.token }, 'identifier'), options);
  // What is left out is removed, the checksum too.
  return blob.setHTTPHeaders({ ...blobHeaders(headers), ...defined({ blobContentMD5: md5Bytes(info) }) }, options);
}

async function replaceBoth(
  connection: Connection,
  { key, info, headers, metadata }: Change,
  context: CallContext,
  limits: CopyLimits,
): Promise<PutResponse> {
  const tags = await readTags(connection, { key }, context.signal);
  const { tier, token } = info;
  const attributes = { headers, metadata, tags, ...defined({ tier, token }) };
  const condition = { ifMatch: info.etag };
  try {
    return await copyInBlocks(connection, { source: { key }, info, key, attributes, condition }, context, limits);
  } catch (error) {
    // Somebody has replaced the blob, and with it the blocks.
    throw codeOf(error) === 'InvalidBlockList' ? named(error, 'PreconditionFailed') : error;
  }
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
