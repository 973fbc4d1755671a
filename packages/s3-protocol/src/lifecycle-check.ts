import type { LifecycleExpiration, LifecycleRule, NoncurrentVersionExpiration } from '@aws-sdk/client-s3';
import { DriverFault } from '@storage/core/driver';

const mostRules = 1000;
const longestId = 255;
const scope = ['ID', 'Status', 'Prefix', 'Filter'];
const everyAction = [
  'Expiration',
  'NoncurrentVersionExpiration',
  'Transitions',
  'NoncurrentVersionTransitions',
  'AbortIncompleteMultipartUpload',
] as const;

type Action = (typeof everyAction)[number];

/** What one service makes of the rules of S3. */
export interface LifecycleDialect {
  /** Actions that the service takes and then drops, and what the error says of each. */
  readonly drops?: Readonly<Partial<Record<Action, string>>> | undefined;
  /** Why the service refuses a rule that is well-formed. */
  readonly faultOf?: ((rule: LifecycleRule) => string | undefined) | undefined;
}

/** Refuses rules that the service would refuse with less to go on, or drop without a word. Throws `InvalidArgument`. */
export function checkLifecycleRules(rules: unknown, dialect: LifecycleDialect): readonly LifecycleRule[] {
  if (!Array.isArray(rules)) throw invalid('the rules must be an array');
  if (rules.length === 0) throw invalid('there are no rules; deleteLifecycleRules() removes all');
  if (rules.length > mostRules) throw invalid(`there are ${rules.length} rules; a bucket takes at most ${mostRules}`);
  const ids = new Set<string>();
  for (const [index, rule] of (rules as unknown[]).entries()) {
    const name = nameOf(rule, index);
    const why = faultOf(rule, dialect);
    if (why !== undefined) throw invalid(`${name} ${why}`);
    const { ID } = rule as LifecycleRule;
    if (ID !== undefined && ids.has(ID)) throw invalid(`${name} has the ID of a rule before it`);
    if (ID !== undefined) ids.add(ID);
  }
  return rules as LifecycleRule[];
}

function nameOf(rule: unknown, index: number): string {
  const id = typeof rule === 'object' && rule !== null && 'ID' in rule ? rule.ID : undefined;
  return typeof id === 'string' ? `rule ${JSON.stringify(id)}` : `rule ${String(index + 1)}`;
}

function faultOf(rule: unknown, dialect: LifecycleDialect): string | undefined {
  if (typeof rule !== 'object' || rule === null) return 'is not an object';
  const { drops = {} } = dialect;
  const dropped = everyAction.find((action) => action in rule && drops[action] !== undefined);
  if (dropped !== undefined) return `has ${dropped}, ${String(drops[dropped])}`;
  if ('Transition' in rule) return 'has Transition, which is called Transitions and is an array';
  const actions = everyAction.filter((action) => drops[action] === undefined);
  const fields: readonly string[] = [...scope, ...actions];
  const unknown = Object.keys(rule).find((field) => !fields.includes(field));
  if (unknown !== undefined) return `has ${unknown}, which is none of ${fields.join(', ')}`;
  const known = rule as LifecycleRule;
  return faultOfScope(known) ?? faultOfActions(known, actions) ?? dialect.faultOf?.(known);
}

function faultOfScope(rule: LifecycleRule): string | undefined {
  const { ID, Status } = rule;
  if (ID !== undefined && (typeof ID !== 'string' || ID === '' || ID.length > longestId)) {
    return `needs an ID of 1 to ${String(longestId)} characters`;
  }
  const status: unknown = Status;
  if (status !== 'Enabled' && status !== 'Disabled') return 'needs the Status Enabled or Disabled';
  if ('Prefix' in rule && 'Filter' in rule) return 'has both Prefix and Filter: use Filter alone';
  return undefined;
}

function faultOfActions(rule: LifecycleRule, actions: readonly Action[]): string | undefined {
  if (actions.every((action) => rule[action] === undefined)) return `has no action: one of ${actions.join(', ')}`;
  return faultOfExpiration(rule.Expiration) ?? faultOfNoncurrent(rule.NoncurrentVersionExpiration);
}

function faultOfExpiration(expiration: LifecycleExpiration | undefined): string | undefined {
  if (expiration === undefined) return undefined;
  const { Days, Date: date, ExpiredObjectDeleteMarker } = expiration;
  const given = [Days, date, ExpiredObjectDeleteMarker].filter((value) => value !== undefined);
  if (given.length !== 1)
    return 'needs one of Expiration.Days, Expiration.Date and Expiration.ExpiredObjectDeleteMarker';
  if (Days !== undefined && !isPositive(Days)) return 'needs whole Expiration.Days above 0';
  return date === undefined || isMidnight(date) ? undefined : 'needs an Expiration.Date at midnight UTC';
}

function faultOfNoncurrent(expiration: NoncurrentVersionExpiration | undefined): string | undefined {
  if (expiration === undefined) return undefined;
  const { NoncurrentDays, NewerNoncurrentVersions } = expiration;
  const given = [NoncurrentDays, NewerNoncurrentVersions].filter((value) => value !== undefined);
  if (given.length > 0 && given.every(isPositive)) return undefined;
  return 'needs NoncurrentVersionExpiration.NoncurrentDays or .NewerNoncurrentVersions, whole and above 0';
}

/** Whether a value is a moment at which rules may begin: others are refused. */
export function isMidnight(value: unknown): boolean {
  return value instanceof Date && value.getTime() % 86_400_000 === 0;
}

function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function invalid(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
