import type { CallContext } from '@storage/core/driver';
import type { Connection, Wire } from './connection.ts';
import { codeOf, statusOf } from './errors.ts';

/** Resolves when the bucket is there and may be listed. */
export async function check({ bucket, verbs }: Wire, { signal }: CallContext): Promise<void> {
  // A listing, not HeadBucket: its refusal has a body, which says why.
  await verbs.listObjects({ Bucket: bucket, MaxKeys: 1 }, signal);
}

/** Creates the bucket; one that another caller has just created is as good. */
export async function createBucket(connection: Connection, context: CallContext): Promise<void> {
  const { objectLock } = connection.options;
  const region = await connection.client.config.region();
  const command = new connection.sdk.CreateBucketCommand({
    Bucket: connection.bucket,
    ObjectLockEnabledForBucket: objectLock,
    // The service's own default region must not be named.
    CreateBucketConfiguration:
      region === 'us-east-1' ? undefined : ({ LocationConstraint: region as 'eu-west-1' } as const),
  });
  try {
    await connection.client.send(command, { abortSignal: context.signal });
  } catch (error) {
    if (codeOf(error) !== 'BucketAlreadyOwnedByYou') throw error;
  }
}

/** Whether the bucket is there, as far as the service says. */
export async function bucketIsThere({ bucket, verbs }: Wire, { signal }: CallContext): Promise<boolean> {
  return verbs.headBucket({ Bucket: bucket }, signal).then(
    () => true,
    (error: unknown) => {
      if (statusOf(error) !== 404) throw error;
      return false;
    },
  );
}
