import type { ArchiveState } from '@storage/core/driver';

/** What an answer says of whether its object can be read at once. */
export interface ArchiveAnswer {
  /** Not sent for STANDARD. */
  readonly StorageClass?: string | undefined;
  /** `ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"` */
  readonly Restore?: string | undefined;
  /** Only of INTELLIGENT_TIERING, in one of its archive tiers. */
  readonly ArchiveStatus?: string | undefined;
}

const archiveClasses: ReadonlySet<string | undefined> = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** Where an archived object stands; undefined for one that can simply be read. */
export function archiveStateOf({ StorageClass, Restore, ArchiveStatus }: ArchiveAnswer): ArchiveState | undefined {
  if (Restore !== undefined) return restoreStateOf(Restore);
  return ArchiveStatus !== undefined || archiveClasses.has(StorageClass) ? { status: 'archived' } : undefined;
}

function restoreStateOf(header: string): ArchiveState {
  if (/ongoing-request="true"/.test(header)) return { status: 'restoring' };
  const [, date] = /expiry-date="([^"]+)"/.exec(header) ?? [];
  return { status: 'restored', until: date === undefined ? undefined : new Date(date) };
}
