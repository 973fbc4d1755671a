import type { Call } from '../call.ts';
import { describe } from '../check.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** A tier that this backend has, or `InvalidArgument` naming those that it has. */
export function checkTier(call: Call, tier: unknown): string {
  const tiers = call.capabilities.tiers;
  if (typeof tier === 'string' && tiers !== false && tiers.includes(tier)) return tier;
  const known = tiers === false ? 'none' : tiers.join(', ');
  throw new DriverFault('InvalidArgument', `${describe(tier)} is not a tier here; the tiers are: ${known}`);
}
