import type { ObjectInfo } from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { statusOf } from './errors.ts';

const changedSources = new WeakSet<object>();

/** What a request that copies says of its source: the object, and that it must be the one of `info`. */
export function fromSource(
  { bucket }: Connection,
  { key, versionId }: { readonly key: string; readonly versionId?: string },
  info: ObjectInfo,
): { CopySource: string; CopySourceIfMatch: string } {
  // An access point is named by its ARN.
  const container = bucket.startsWith('arn:') ? `${bucket}/object` : bucket;
  const path = `${container}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const version = versionId === undefined ? '' : `?versionId=${encodeURIComponent(versionId)}`;
  return { CopySource: `${path}${version}`, CopySourceIfMatch: info.etag };
}

/** Notes that a refusal is of the source, not of the destination. */
export function ofSource<E>(error: E): E {
  if (statusOf(error) === 412) changedSources.add(error as object);
  return error;
}

/** Whether a copy was refused because its source is another object by now. */
export function isChangedSource(error: unknown): boolean {
  return typeof error === 'object' && error !== null && changedSources.has(error);
}
