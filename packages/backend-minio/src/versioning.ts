import type { StoreState } from '@storage/core';
import { type MinioBucket, requireBucket } from './bucket.ts';

/** Switches versioning on, or suspends it; it cannot be switched off again. */
export async function setVersioning(bucket: MinioBucket, Status: 'Enabled' | 'Suspended'): Promise<void> {
  await requireBucket(bucket);
  const { sdk, client, Bucket, abortSignal } = bucket;
  const command = new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } });
  await client.send(command, { abortSignal });
}

/** What the bucket has switched on. */
export async function getVersioning({
  sdk,
  client,
  Bucket,
  abortSignal,
}: MinioBucket): Promise<StoreState['versioning']> {
  const { Status } = await client.send(new sdk.GetBucketVersioningCommand({ Bucket }), { abortSignal });
  if (Status === 'Enabled') return 'on';
  return Status === 'Suspended' ? 'suspended' : 'off';
}
