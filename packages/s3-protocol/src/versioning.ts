import type { StoreState } from '@storage/core';
import { requireBucket, type S3Bucket } from './bucket-call.ts';

/** Switches versioning on, or suspends it; it cannot be switched off again. */
export async function setVersioning(bucket: S3Bucket, Status: 'Enabled' | 'Suspended'): Promise<void> {
  await requireBucket(bucket);
  const { sdk, client, Bucket, abortSignal } = bucket;
  const command = new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } });
  await client.send(command, { abortSignal });
}

/** What the bucket has switched on. */
export async function getVersioning({ sdk, client, Bucket, abortSignal }: S3Bucket): Promise<StoreState['versioning']> {
  const { Status } = await client.send(new sdk.GetBucketVersioningCommand({ Bucket }), { abortSignal });
  return versioningOf(Status);
}

/** The status of S3 in the words of the contract: there is none as long as versioning never was on. */
export function versioningOf(status: string | undefined): StoreState['versioning'] {
  if (status === 'Enabled') return 'on';
  return status === 'Suspended' ? 'suspended' : 'off';
}
