import { type CallContext, type FileEntry, type ListRequest, type ListResponse } from '@storage/core/driver';
import type { Wire } from './connection.ts';
import { decodeKey, present, tierOf, told } from './object-info.ts';
import type { S3ListedObject, S3Listing } from './verbs.ts';

/** One page of a listing, in the order of the service: by UTF-8 bytes. */
export async function listPage(wire: Wire, request: ListRequest, context: CallContext): Promise<ListResponse> {
  const input = {
    Bucket: wire.bucket,
    Prefix: request.prefix,
    Delimiter: request.delimiter,
    MaxKeys: request.limit,
    StartAfter: request.startAfter ?? placeBefore(request),
    ContinuationToken: request.cursor,
    // XML cannot carry every key.
    EncodingType: 'url' as const,
  };
  const answer = await wire.verbs.listObjects(input, context.signal);
  told(answer.IsTruncated, 'list');
  return {
    entries: (answer.Contents ?? []).map((object) => toEntry(wire, object)),
    prefixes: prefixesOf(answer, request.startAfter),
    ...(answer.NextContinuationToken !== undefined && { cursor: answer.NextContinuationToken }),
  };
}

/**
 * Asked for one key under a prefix that is a key itself, MinIO answers that key and says that this is all. Not so when
 * it is told where to start: then anything before the prefix will do.
 */
function placeBefore({ prefix, limit, cursor }: ListRequest): string | undefined {
  if (limit > 1 || prefix === '' || cursor !== undefined) return undefined;
  return Array.from(prefix).slice(0, -1).join('') || '\u0001';
}

function toEntry(wire: Wire, object: S3ListedObject): FileEntry {
  const tier = tierOf(wire, object.StorageClass);
  return {
    key: decodeKey(present(object.Key, 'key of an object')),
    size: present(object.Size, 'size of an object'),
    etag: present(object.ETag, 'etag of an object'),
    lastModified: present(object.LastModified, 'time of an object'),
    ...(tier !== undefined && { tier }),
  };
}

/** Services differ in whether a prefix that contains `startAfter` is shown again; ours is passed. */
function prefixesOf(answer: S3Listing, startAfter: string | undefined): string[] {
  return (answer.CommonPrefixes ?? [])
    .map(({ Prefix }) => decodeKey(present(Prefix, 'common prefix')))
    .filter((prefix) => startAfter?.startsWith(prefix) !== true);
}
