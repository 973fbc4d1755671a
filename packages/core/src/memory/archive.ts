import type { ArchiveState } from '../file-info.ts';
import type { Bucket } from './bucket.ts';
import { memoryCapabilities } from './capabilities.ts';
import { archived } from './errors.ts';
import type { StoredObject } from './revision.ts';

/** Where an object stands at the time `now`; undefined where its tier is no archive. */
export function archiveState({ tier, restore }: StoredObject, now: number): ArchiveState | undefined {
  const archiveTiers: readonly string[] = memoryCapabilities.archiveTiers;
  if (!archiveTiers.includes(tier)) return undefined;
  if (restore === undefined || now >= restore.until) return { status: 'archived' };
  if (now < restore.readyAt) return { status: 'restoring' };
  return { status: 'restored', until: new Date(restore.until) };
}

/** Refuses to touch the bytes of an object that is in the archive. */
export function assertReadable(bucket: Bucket, object: StoredObject): void {
  const state = archiveState(object, bucket.settings.clock());
  if (state !== undefined && state.status !== 'restored') throw archived(object.tier);
}
