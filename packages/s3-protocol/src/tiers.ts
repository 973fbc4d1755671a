import type { Tier } from '@aws-sdk/client-s3';
import { type CallContext, DriverFault, type ObjectInfo, type TiersMember } from '@storage/core/driver';
import type { Connection } from './connection.ts';
import { makeCopy } from './copy.ts';
import { isChangedSource } from './copy-source.ts';
import { asItWas } from './encryption.ts';
import { codeOf } from './errors.ts';
import { head } from './read.ts';

type SetRequest = Parameters<TiersMember['set']>[0];
type RestoreRequest = Parameters<Required<TiersMember>['restore']>[0];

/** Storage classes. */
export function createTiers(connected: () => Promise<Connection>): TiersMember {
  return { set: async (request, context) => setTier(await connected(), request, context) };
}

/** Storage classes of which some are archives, and the way back from these. */
export function createArchiveTiers(connected: () => Promise<Connection>): TiersMember {
  return {
    ...createTiers(connected),
    restore: async (request, context) => restore(await connected(), request, context),
  };
}

/** Moves an object to a storage class by a copy onto itself, which takes along all that is said of it. */
async function setTier(
  connection: Connection,
  { key, tier, versionId }: SetRequest,
  context: CallContext,
): Promise<ObjectInfo> {
  if (versionId !== undefined) {
    throw new DriverFault('Unsupported', 'an earlier version would become the current one: restore it first');
  }
  const info = await head(connection, { key }, context);
  // The service refuses a copy onto itself that changes nothing.
  if (info.tier === tier) return info;
  const plan = { source: { key }, info, key, tier, condition: {}, encryption: asItWas(info.encryption) };
  const answer = await makeCopy(connection, plan, context).catch((error: unknown) => {
    if (!isChangedSource(error)) throw error;
    throw new DriverFault('Conflict', 'the object was written meanwhile', { retryable: 'safe', cause: error });
  });
  // A copy in parts does not say when it was made.
  if (answer.lastModified === undefined) return head(connection, { key }, context);
  // An archive takes it at once, and what was restored is so no more.
  const { archive: _before, ...rest } = info;
  const archived = isArchive(connection, tier) ? { archive: { status: 'archived' } as const } : {};
  return { ...rest, ...answer, tier, ...archived };
}

/** Asks for a readable copy of an archived object. What needs none, or has it coming, resolves as it is. */
async function restore(
  connection: Connection,
  { key, days, priority, tier }: RestoreRequest,
  context: CallContext,
): Promise<ObjectInfo> {
  if (tier !== undefined) {
    throw new DriverFault('Unsupported', 'it is restored in place: without the option tier, and then setTier moves it');
  }
  const info = await head(connection, { key }, context);
  const { archive } = info;
  if (archive === undefined || archive.status === 'restoring') return info;
  const isIntelligent = info.tier === 'INTELLIGENT_TIERING';
  const command = new connection.sdk.RestoreObjectCommand({
    Bucket: connection.bucket,
    Key: key,
    RestoreRequest: {
      // From its own archives the intelligent class moves an object back for good.
      ...(!isIntelligent && { Days: days }),
      ...(priority !== undefined && { GlacierJobParameters: { Tier: checkPriority(priority) } }),
    },
  });
  try {
    await connection.client.send(command, { abortSignal: context.signal });
  } catch (error) {
    if (codeOf(error) !== 'RestoreAlreadyInProgress') throw error;
  }
  return head(connection, { key }, context);
}

function isArchive({ options }: Connection, tier: string): boolean {
  const { archiveTiers } = options.capabilities;
  return archiveTiers !== false && archiveTiers.includes(tier);
}

const priorities: readonly string[] = ['Expedited', 'Standard', 'Bulk'] satisfies Tier[];

function checkPriority(priority: string): Tier {
  if (priorities.includes(priority)) return priority as Tier;
  const known = priorities.join(', ');
  throw new DriverFault('InvalidArgument', `${JSON.stringify(priority)} is not a priority here; they are ${known}`);
}
