import type { LifecycleRule } from '@aws-sdk/client-s3';
import { requireBucket, type S3Bucket } from './bucket-call.ts';

/** Replaces all rules, which were checked. */
export async function setLifecycleRules(bucket: S3Bucket, rules: readonly LifecycleRule[]): Promise<void> {
  await requireBucket(bucket);
  const { sdk, client, Bucket, abortSignal } = bucket;
  const command = new sdk.PutBucketLifecycleConfigurationCommand({
    Bucket,
    LifecycleConfiguration: { Rules: [...rules] },
  });
  await client.send(command, { abortSignal });
}

export async function getLifecycleRules({ sdk, client, Bucket, abortSignal }: S3Bucket): Promise<LifecycleRule[]> {
  const command = new sdk.GetBucketLifecycleConfigurationCommand({ Bucket });
  try {
    const { Rules = [] } = await client.send(command, { abortSignal });
    return Rules;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchLifecycleConfiguration') return [];
    throw error;
  }
}

export async function deleteLifecycleRules({ sdk, client, Bucket, abortSignal }: S3Bucket): Promise<void> {
  await client.send(new sdk.DeleteBucketLifecycleCommand({ Bucket }), { abortSignal });
}
