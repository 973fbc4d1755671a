import type { ArchiveState } from '@storage/core/driver';

/** What an answer says of a blob's tier. */
export interface TierAnswer {
  readonly accessTier?: string;
  readonly archiveStatus?: string;
}

/** Tier and archive state of a blob, where the answer has them. */
export function tierOf({ accessTier, archiveStatus }: TierAnswer): { tier?: string; archive?: ArchiveState } {
  if (accessTier === undefined) return {};
  // While it is on its way back, a blob keeps the tier that it comes from.
  if (archiveStatus !== undefined) return { tier: accessTier, archive: { status: 'restoring' } };
  return accessTier === 'Archive' ? { tier: accessTier, archive: { status: 'archived' } } : { tier: accessTier };
}
