import type { RemoveRequest, RemoveResponse } from '../driver.ts';
import { checkMatch } from '../driver-kit/conditions.ts';
import type { Bucket } from './bucket.ts';
import { notFound } from './errors.ts';

/** Deletes the current object behind a marker, or one version for good. */
export function remove(bucket: Bucket, { key, versionId, ifMatch, mustExist }: RemoveRequest): RemoveResponse {
  const current = bucket.current(key);
  checkMatch(current, ifMatch);
  const found = versionId === undefined ? current : bucket.erase(key, versionId);
  if (found === undefined) {
    if (mustExist === true) throw notFound(versionId);
    return { existed: false };
  }
  if (versionId !== undefined) {
    return { existed: true, versionId, ...(found.isDeleteMarker && { deleteMarker: true }) };
  }
  const marker = bucket.hide(key);
  return { existed: true, ...(marker && { versionId: marker.versionId, deleteMarker: true }) };
}
