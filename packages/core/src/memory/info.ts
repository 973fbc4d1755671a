import type { ListRequest, ObjectInfo, PutResponse } from '../driver.ts';
import type { FileEntry } from '../file-info.ts';
import { archiveState } from './archive.ts';
import type { Bucket } from './bucket.ts';
import type { StoredObject } from './revision.ts';

/** Everything known of an object. All of it is copied: what a caller does to it does not reach the store. */
export function toInfo(bucket: Bucket, key: string, object: StoredObject): ObjectInfo {
  const archive = archiveState(object, bucket.settings.clock());
  return {
    ...toEntry(key, object),
    ...object.headers,
    metadata: { ...object.metadata },
    checksum: { ...object.checksum },
    ...(bucket.settings.versions && { versionId: object.versionId }),
    ...(archive !== undefined && { archive }),
    ...(object.token !== undefined && { token: object.token }),
  };
}

/** What the writer of an object is told. */
export function toResponse(bucket: Bucket, object: StoredObject): PutResponse {
  return {
    size: object.bytes.byteLength,
    etag: object.etag,
    lastModified: new Date(object.lastModified),
    tier: object.tier,
    checksum: { ...object.checksum },
    ...(bucket.settings.versions && { versionId: object.versionId }),
  };
}

/** An object as a line of a listing. */
export function toEntry(key: string, object: StoredObject, include?: ListRequest['include']): FileEntry {
  return {
    key,
    size: object.bytes.byteLength,
    etag: object.etag,
    lastModified: new Date(object.lastModified),
    tier: object.tier,
    ...(include?.includes('metadata') && {
      metadata: { ...object.metadata },
      contentType: object.headers.contentType,
    }),
  };
}
