import { DeleteObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { inParallel } from '../in-parallel.ts';
import type { Place } from './place.ts';
import { refusalOf } from './refusal.ts';

interface Found {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

// Where a key hides those under it, they show when it is gone: one more round each.
const maxRounds = 20;

/** Removes every object and version under the prefix of `place`. Rejects, and says where, when some cannot be removed. */
export async function cleanUp(place: Place): Promise<void> {
  try {
    await removeAll(place);
  } catch (cause) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new Error(`remove ${place.prefix} by hand, the probe could not: ${why}`, { cause });
  }
}

async function removeAll(place: Place): Promise<void> {
  const withVersions = (await refusalOf(listVersions(place))) === undefined;
  const list = withVersions ? listVersions : listObjects;
  for (let round = 0; round < maxRounds; round++) {
    const found = await list(place);
    if (found.length === 0) return;
    await inParallel(found, { concurrency: 8, signal: new AbortController().signal }, (one) => remove(place, one));
  }
  throw new Error('it still lists objects that were deleted');
}

async function remove(place: Place, { Key, VersionId }: Found): Promise<void> {
  await place.client.send(new DeleteObjectCommand({ Bucket: place.bucket, Key, VersionId }));
}

async function listObjects({ client, bucket, prefix }: Place): Promise<Found[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return Contents.map(({ Key }) => ({ Key }));
}

async function listVersions({ client, bucket, prefix }: Place): Promise<Found[]> {
  const command = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix });
  const { Versions = [], DeleteMarkers = [] } = await client.send(command);
  return [...Versions, ...DeleteMarkers];
}
