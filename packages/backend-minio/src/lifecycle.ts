import type { LifecycleRule } from '@aws-sdk/client-s3';
import { type MinioBucket, requireBucket } from './bucket.ts';

/**
 * A rule of a bucket's lifecycle, in the words of S3. MinIO has no `AbortIncompleteMultipartUpload`: what unfinished
 * uploads leave expires by a setting of the server.
 * See https://min.io/docs/minio/linux/administration/object-management/object-lifecycle-management.html
 */
export type MinioLifecycleRule = Omit<LifecycleRule, 'AbortIncompleteMultipartUpload'>;

/** Replaces all rules, which were checked. */
export async function setLifecycleRules(bucket: MinioBucket, rules: readonly MinioLifecycleRule[]): Promise<void> {
  await requireBucket(bucket);
  const { sdk, client, Bucket, abortSignal } = bucket;
  const command = new sdk.PutBucketLifecycleConfigurationCommand({
    Bucket,
    LifecycleConfiguration: { Rules: [...rules] },
  });
  await client.send(command, { abortSignal });
}

export async function getLifecycleRules({
  sdk,
  client,
  Bucket,
  abortSignal,
}: MinioBucket): Promise<MinioLifecycleRule[]> {
  const command = new sdk.GetBucketLifecycleConfigurationCommand({ Bucket });
  try {
    const { Rules = [] } = await client.send(command, { abortSignal });
    return Rules;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchLifecycleConfiguration') return [];
    throw error;
  }
}

export async function deleteLifecycleRules({ sdk, client, Bucket, abortSignal }: MinioBucket): Promise<void> {
  await client.send(new sdk.DeleteBucketLifecycleCommand({ Bucket }), { abortSignal });
}
