import { DriverFault, type ObjectInfo, type TiersMember } from '@storage/core/driver';
import { blobOf, type Reach, type Wire } from './connection.ts';
import { head } from './read.ts';
import { proveVersion } from './versions-guard.ts';

/** How soon an archived blob is wanted: within an hour for small ones, or within 15 hours. */
export type RehydratePriority = 'High' | 'Standard';

/** Moves a blob between tiers. https://learn.microsoft.com/rest/api/storageservices/set-blob-tier */
export async function setTier(
  wire: Wire,
  request: {
    readonly key: string;
    readonly tier: string;
    readonly versionId?: string;
    readonly rehydratePriority?: RehydratePriority;
  },
  signal: AbortSignal,
): Promise<void> {
  const { key, tier, versionId, rehydratePriority } = request;
  if (versionId !== undefined) await proveVersion(wire, key, versionId, signal);
  const priority = rehydratePriority === undefined ? {} : { rehydratePriority };
  await blobOf(await wire.connected(), key, versionId).setAccessTier(tier, { abortSignal: signal, ...priority });
}

/** Tiers, and the way back from the archive. */
export function createTiers(reach: Reach): Required<TiersMember> {
  return {
    async set(request, context) {
      await setTier(reach(), request, context.signal);
      const { key, versionId } = request;
      return head(reach(), versionId === undefined ? { key } : { key, versionId }, context);
    },

    /** A blob that is rehydrated stays so: longer than for the days that were asked for. */
    async restore({ key, priority, tier = 'Hot' }, context) {
      const wire = reach();
      const rehydratePriority = priorityOf(priority);
      if (tier === 'Archive') throw new DriverFault('InvalidArgument', 'nothing is restored to the tier Archive');
      const info = await head(wire, { key }, context);
      if (isAtRest(info, rehydratePriority)) return info;
      await setTier(wire, { key, tier, rehydratePriority: rehydratePriority ?? 'Standard' }, context.signal);
      return head(wire, { key }, context);
    },
  };
}

/** Whether there is nothing to ask for. What is on its way can only be hurried. */
function isAtRest({ archive }: ObjectInfo, priority: RehydratePriority | undefined): boolean {
  return archive === undefined || (archive.status === 'restoring' && priority !== 'High');
}

/** The priority, if it is one. */
export function priorityOf(priority: string | undefined): RehydratePriority | undefined {
  if (priority === undefined || priority === 'High' || priority === 'Standard') return priority;
  throw new DriverFault('InvalidArgument', `${JSON.stringify(priority)} is no priority: it is 'High' or 'Standard'`);
}
