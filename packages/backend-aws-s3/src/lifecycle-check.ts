import { checkLifecycleRules, isMidnight, type LifecycleDialect, type LifecycleRule } from '@storage/s3-protocol';
import type { Service } from './service.ts';

type Transition = NonNullable<LifecycleRule['Transitions']>[number];
type NoncurrentTransition = NonNullable<LifecycleRule['NoncurrentVersionTransitions']>[number];

const classes: readonly unknown[] = [
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
];
const afterAMonth: readonly unknown[] = ['STANDARD_IA', 'ONEZONE_IA'];
const mostKeptVersions = 100;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
const aws: LifecycleDialect = {
  faultOf: (rule) =>
    faultOfFilter(rule) ??
    faultOfNoncurrent(rule) ??
    faultOfUploads(rule) ??
    listFault('Transitions', rule.Transitions, faultOfTransition) ??
    listFault('NoncurrentVersionTransitions', rule.NoncurrentVersionTransitions, faultOfNoncurrentTransition),
};

/** What is not known of a service it says itself. */
const dialects: Readonly<Record<Service, LifecycleDialect>> = { aws, generic: {} };

/**
 * The rules as AWS takes them, which wants to be told that a rule is of the whole bucket. Refuses what it would refuse
 * with less to go on. Throws `InvalidArgument`.
 */
export function checkAwsRules(rules: unknown, service: Service): readonly LifecycleRule[] {
  return checkLifecycleRules(rules, dialects[service]).map((rule) =>
    rule.Filter === undefined && !('Prefix' in rule) ? { ...rule, Filter: { Prefix: '' } } : rule,
  );
}

function faultOfFilter({ Filter }: LifecycleRule): string | undefined {
  const given = Object.values(Filter ?? {}).filter((value) => value !== undefined);
  return given.length > 1 ? 'has a Filter of several members: put them into Filter.And' : undefined;
}

function faultOfNoncurrent({ NoncurrentVersionExpiration: expiration }: LifecycleRule): string | undefined {
  if (expiration === undefined) return undefined;
  if (expiration.NoncurrentDays === undefined) return 'needs NoncurrentVersionExpiration.NoncurrentDays';
  const { NewerNoncurrentVersions: kept = 1 } = expiration;
  return kept <= mostKeptVersions ? undefined : `needs at most ${String(mostKeptVersions)} NewerNoncurrentVersions`;
}

function faultOfUploads({
  AbortIncompleteMultipartUpload: abort,
  Expiration,
  Filter,
}: LifecycleRule): string | undefined {
  if (abort !== undefined && !(isWhole(abort.DaysAfterInitiation) && abort.DaysAfterInitiation > 0)) {
    return 'needs whole AbortIncompleteMultipartUpload.DaysAfterInitiation above 0';
  }
  const isOfTags = Filter?.Tag !== undefined || Filter?.And?.Tags !== undefined;
  if (!isOfTags) return undefined;
  if (abort !== undefined)
    return 'has AbortIncompleteMultipartUpload, which no tag can choose: make it a rule of its own';
  if (Expiration?.ExpiredObjectDeleteMarker === undefined) return undefined;
  return 'has ExpiredObjectDeleteMarker, which no tag can choose: make it a rule of its own';
}

function listFault<T>(
  name: string,
  list: readonly T[] | undefined,
  faultOf: (item: T) => string | undefined,
): string | undefined {
  if (list === undefined) return undefined;
  if (!Array.isArray(list) || list.length === 0) return `needs ${name} as an array that is not empty`;
  for (const [index, item] of (list as readonly T[]).entries()) {
    const why = faultOf(item);
    if (why !== undefined) return `needs ${name}[${String(index)}] ${why}`;
  }
  return undefined;
}

function faultOfTransition({ Days, Date: date, StorageClass }: Transition): string | undefined {
  if ((Days === undefined) === (date === undefined)) return 'with either Days or Date';
  if (date !== undefined && !isMidnight(date)) return 'with a Date at midnight UTC';
  if (Days !== undefined && !isWhole(Days)) return 'with whole Days';
  return faultOfClass(StorageClass, Days);
}

function faultOfNoncurrentTransition(transition: NoncurrentTransition): string | undefined {
  const { NoncurrentDays, StorageClass, NewerNoncurrentVersions: kept } = transition;
  if (!isWhole(NoncurrentDays)) return 'with whole NoncurrentDays';
  if (kept !== undefined && !(isWhole(kept) && kept > 0 && kept <= mostKeptVersions)) {
    return `with 1 to ${String(mostKeptVersions)} NewerNoncurrentVersions`;
  }
  return faultOfClass(StorageClass, NoncurrentDays);
}

function faultOfClass(storageClass: unknown, days: number | undefined): string | undefined {
  if (!classes.includes(storageClass)) return `with a StorageClass of ${classes.join(', ')}`;
  if (days === undefined || days >= 30 || !afterAMonth.includes(storageClass)) return undefined;
  return `after 30 days or more: ${String(storageClass)} has that least age`;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
