import type { LifecycleExpiration, NoncurrentVersionExpiration, Transition } from '@aws-sdk/client-s3';
import { DriverFault } from '@storage/core/driver';
import type { MinioLifecycleRule } from './lifecycle.ts';

const mostRules = 1000;
const longestId = 255;
const fields = [
  'ID',
  'Status',
  'Prefix',
  'Filter',
  'Expiration',
  'NoncurrentVersionExpiration',
  'Transitions',
  'NoncurrentVersionTransitions',
];
const actions = ['Expiration', 'NoncurrentVersionExpiration', 'Transitions', 'NoncurrentVersionTransitions'] as const;

/** Refuses rules that MinIO would refuse with less to go on, or drop without a word. Throws `InvalidArgument`. */
export function checkLifecycleRules(rules: unknown): readonly MinioLifecycleRule[] {
  if (!Array.isArray(rules)) throw invalid('the rules must be an array');
  if (rules.length === 0) throw invalid('there are no rules; deleteLifecycleRules() removes all');
  if (rules.length > mostRules) throw invalid(`there are ${rules.length} rules; MinIO takes at most ${mostRules}`);
  const ids = new Set<string>();
  for (const [index, rule] of (rules as unknown[]).entries()) {
    const name = nameOf(rule, index);
    const why = faultOf(rule);
    if (why !== undefined) throw invalid(`${name} ${why}`);
    const { ID } = rule as MinioLifecycleRule;
    if (ID !== undefined && ids.has(ID)) throw invalid(`${name} has the ID of a rule before it`);
    if (ID !== undefined) ids.add(ID);
  }
  return rules as MinioLifecycleRule[];
}

function nameOf(rule: unknown, index: number): string {
  const id = typeof rule === 'object' && rule !== null && 'ID' in rule ? rule.ID : undefined;
  return typeof id === 'string' ? `rule ${JSON.stringify(id)}` : `rule ${String(index + 1)}`;
}

function faultOf(rule: unknown): string | undefined {
  if (typeof rule !== 'object' || rule === null) return 'is not an object';
  if ('AbortIncompleteMultipartUpload' in rule) {
    return 'has AbortIncompleteMultipartUpload, which MinIO drops: set stale_uploads_expiry of the server, or call cleanup()';
  }
  if ('Transition' in rule) return 'has Transition, which is called Transitions and is an array';
  const unknown = Object.keys(rule).find((field) => !fields.includes(field));
  if (unknown !== undefined) return `has ${unknown}, which is none of ${fields.join(', ')}`;
  const known = rule as MinioLifecycleRule;
  return faultOfScope(known) ?? faultOfActions(known);
}

function faultOfScope(rule: MinioLifecycleRule): string | undefined {
  const { ID, Status } = rule;
  if (ID !== undefined && (typeof ID !== 'string' || ID === '' || ID.length > longestId)) {
    return `needs an ID of 1 to ${String(longestId)} characters`;
  }
  const status: unknown = Status;
  if (status !== 'Enabled' && status !== 'Disabled') return 'needs the Status Enabled or Disabled';
  if ('Prefix' in rule && 'Filter' in rule) return 'has both Prefix and Filter: use Filter alone';
  return undefined;
}

function faultOfActions(rule: MinioLifecycleRule): string | undefined {
  if (actions.every((action) => rule[action] === undefined)) return `has no action: one of ${actions.join(', ')}`;
  return (
    faultOfExpiration(rule.Expiration) ??
    faultOfNoncurrent(rule.NoncurrentVersionExpiration) ??
    faultOfTransitions('Transitions', rule.Transitions) ??
    faultOfTransitions('NoncurrentVersionTransitions', rule.NoncurrentVersionTransitions)
  );
}

function faultOfExpiration(expiration: LifecycleExpiration | undefined): string | undefined {
  if (expiration === undefined) return undefined;
  const { Days, Date: date, ExpiredObjectDeleteMarker } = expiration;
  const given = [Days, date, ExpiredObjectDeleteMarker].filter((value) => value !== undefined);
  if (given.length !== 1)
    return 'needs one of Expiration.Days, Expiration.Date and Expiration.ExpiredObjectDeleteMarker';
  if (Days !== undefined && !isPositive(Days)) return 'needs whole Expiration.Days above 0';
  const midnight = date === undefined || (date instanceof Date && date.getTime() % 86_400_000 === 0);
  return midnight ? undefined : 'needs an Expiration.Date at midnight UTC';
}

function faultOfNoncurrent(expiration: NoncurrentVersionExpiration | undefined): string | undefined {
  if (expiration === undefined) return undefined;
  const { NoncurrentDays, NewerNoncurrentVersions } = expiration;
  const given = [NoncurrentDays, NewerNoncurrentVersions].filter((value) => value !== undefined);
  if (given.length > 0 && given.every(isPositive)) return undefined;
  return 'needs NoncurrentVersionExpiration.NoncurrentDays or .NewerNoncurrentVersions, whole and above 0';
}

function faultOfTransitions(name: string, transitions: readonly Transition[] | undefined): string | undefined {
  if (transitions === undefined) return undefined;
  if (!Array.isArray(transitions) || transitions.length !== 1) return `needs exactly one of ${name}: MinIO keeps one`;
  const [{ StorageClass } = {} as Transition] = transitions as readonly Transition[];
  const tier: unknown = StorageClass;
  if (typeof tier === 'string' && /^[A-Z0-9_-]+$/.test(tier)) return undefined;
  return `needs the name of a remote tier of the server as ${name}[0].StorageClass: see mc ilm tier add`;
}

function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function invalid(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
