import { DriverFault } from '@storage/core/driver';
import type { IntelligentTieringConfiguration } from '@storage/s3-protocol';

const fields = ['Id', 'Status', 'Filter', 'Tierings'];
const filterFields = ['Prefix', 'Tag', 'And'];
const mostDays = 730;
const leastDays: Readonly<Partial<Record<string, number>>> = { ARCHIVE_ACCESS: 90, DEEP_ARCHIVE_ACCESS: 180 };

/** Refuses what AWS would refuse with less to go on. Throws `InvalidArgument`. */
export function checkIntelligentTiering(rule: unknown): IntelligentTieringConfiguration {
  if (typeof rule !== 'object' || rule === null) throw invalid('it must be an object');
  const known = rule as IntelligentTieringConfiguration;
  const why = faultOfScope(known) ?? faultOfTierings(known.Tierings);
  if (why !== undefined) throw invalid(why);
  return known;
}

/** Throws `InvalidArgument`. */
export function checkId(id: unknown): string {
  if (typeof id !== 'string' || id === '') throw invalid('Id must be a string that is not empty');
  return id;
}

function faultOfScope(rule: IntelligentTieringConfiguration): string | undefined {
  checkId(rule.Id);
  const unknown = Object.keys(rule).find((field) => !fields.includes(field));
  if (unknown !== undefined) return `${unknown} is none of ${fields.join(', ')}`;
  const status: unknown = rule.Status;
  if (status !== 'Enabled' && status !== 'Disabled') return 'Status must be Enabled or Disabled';
  const filter: unknown = rule.Filter;
  if (filter === undefined) return undefined;
  const given = Object.keys(Object(filter) as object);
  if (given.length === 1 && filterFields.includes(String(given[0]))) return undefined;
  return 'Filter must have one of Prefix, Tag and And (a prefix with tags, or several tags)';
}

function faultOfTierings(tierings: unknown): string | undefined {
  if (!Array.isArray(tierings) || tierings.length === 0) {
    return 'Tierings must be an array of { AccessTier, Days } that is not empty';
  }
  const seen = new Set<string>();
  for (const { AccessTier, Days } of (tierings as (Record<string, unknown> | null)[]).map((each) => each ?? {})) {
    const tier = String(AccessTier);
    const least = leastDays[tier];
    if (least === undefined) return `AccessTier must be ${Object.keys(leastDays).join(' or ')}`;
    if (seen.has(tier)) return `${tier} is there twice`;
    if (!Number.isSafeInteger(Days) || Number(Days) < least || Number(Days) > mostDays) {
      return `Days of ${tier} must be whole, ${String(least)} to ${String(mostDays)}`;
    }
    seen.add(tier);
  }
  return undefined;
}

function invalid(what: string): DriverFault {
  return new DriverFault('InvalidArgument', `the Intelligent-Tiering configuration: ${what}`);
}
