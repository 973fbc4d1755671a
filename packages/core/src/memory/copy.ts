import type { CopyRequest } from '../driver.ts';
import { checkMatch, checkWrite } from '../driver-kit/conditions.ts';
import { assertReadable } from './archive.ts';
import type { Bucket } from './bucket.ts';
import { defaultTier } from './capabilities.ts';
import type { Content, StoredObject } from './revision.ts';

/** Commits a copy of the source. The bytes are shared: nobody ever changes them. */
export function copyObject(bucket: Bucket, request: CopyRequest): StoredObject {
  const source = findSource(bucket, request);
  assertReadable(bucket, source);
  return bucket.commit(request.key, contentOf(source, request, { tier: defaultTier, restore: undefined }));
}

/** Commits the source under its new key and deletes it at the old one, with nothing in between. */
export function moveObject(bucket: Bucket, request: CopyRequest): StoredObject {
  const source = findSource(bucket, request);
  if (request.key === request.source.key) return source;
  const { tier } = request;
  if (tier !== undefined && tier !== source.tier) assertReadable(bucket, source);
  const moved = bucket.commit(request.key, contentOf(source, request, source));
  bucket.hide(request.source.key);
  return moved;
}

function findSource(bucket: Bucket, { source, key, condition }: CopyRequest): StoredObject {
  const object = bucket.find(source.key, source.versionId);
  checkMatch(object, source.ifMatch);
  checkWrite(bucket.current(key), condition);
  return object;
}

function contentOf(
  source: StoredObject,
  { attributes, tier, token }: CopyRequest,
  kept: Pick<Content, 'tier' | 'restore'>,
): Content {
  const newTier = tier ?? attributes?.tier ?? kept.tier;
  return {
    bytes: source.bytes,
    checksum: source.checksum,
    headers: { ...(attributes?.headers ?? source.headers) },
    metadata: { ...(attributes?.metadata ?? source.metadata) },
    tags: { ...(attributes?.tags ?? source.tags) },
    tier: newTier,
    // The source's own would make its writer take the copy for its own work.
    token: token ?? attributes?.token,
    restore: newTier === kept.tier ? kept.restore : undefined,
  };
}
