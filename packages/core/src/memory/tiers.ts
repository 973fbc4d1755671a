import type { TiersMember } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { archiveState, assertReadable } from './archive.ts';
import type { Reach } from './bucket.ts';
import { toInfo } from './info.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Tiers, and the way back from the archive. */
export function createTiers(reach: Reach): Required<TiersMember> {
  return {
    async set({ key, tier, versionId }, context) {
      const bucket = reach(context);
      const object = bucket.find(key, versionId);
      if (tier !== object.tier) assertReadable(bucket, object);
      const restore = tier === object.tier ? object.restore : undefined;
      return toInfo(bucket, key, bucket.amend(key, object, { tier, restore }));
    },

    async restore({ key, days, priority, tier }, context) {
      if (priority !== undefined || tier !== undefined) {
        throw new DriverFault('Unsupported', 'memory restores in its own time, and in place: no priority, no tier');
      }
      const bucket = reach(context);
      const object = bucket.find(key);
      const now = bucket.settings.clock();
      const state = archiveState(object, now);
      if (state === undefined || state.status === 'restoring') return toInfo(bucket, key, object);

      // Asked again, a restored object stays readable meanwhile, and for longer.
      const readyAt = state.status === 'restored' ? now : now + bucket.settings.restoreDelayMs;
      const restore = { readyAt, until: readyAt + days * dayMs };
      return toInfo(bucket, key, bucket.amend(key, object, { restore }));
    },
  };
}
