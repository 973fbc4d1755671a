import type { S3Client } from '@aws-sdk/client-s3';
import { type AddedCall, addedCall, type CallContext, type StorageDriver } from '@storage/core/driver';
import type { Sdk } from './connection.ts';
import type { S3Profile } from './profile.ts';

/** What a method that asks the service itself needs. */
export interface S3Bucket {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly Bucket: string;
  readonly profile: S3Profile;
  readonly abortSignal: AbortSignal;
}

interface Kept {
  readonly driver: StorageDriver<S3Client>;
  readonly bucketName: string;
  readonly profile: S3Profile;
}

/** Where the methods of a backend find its driver; a WeakMap keeps it out of the declarations. */
const drivers = new WeakMap<object, Kept>();

/** Remembers the driver of a backend, for `bucketCall`. */
export function keepDriver(backend: object, kept: Kept): void {
  drivers.set(backend, kept);
}

/** A call of a method that a backend adds to those of the contract; `work` makes one attempt. */
export function bucketCall<T>(
  backend: object,
  call: Omit<AddedCall<T>, 'run'>,
  work: (bucket: S3Bucket) => Promise<T>,
): Promise<T> {
  return addedCall(backend, { ...call, run: async (context) => work(await bucketOf(backend, context)) });
}

/** Rejects where the bucket is not there, if the service would take settings of such a bucket, and forget them. */
export async function requireBucket({ sdk, client, Bucket, profile, abortSignal }: S3Bucket): Promise<void> {
  if (!profile.forgetsSettings) return;
  await client.send(new sdk.GetBucketVersioningCommand({ Bucket }), { abortSignal });
}

async function bucketOf(backend: object, { signal }: CallContext): Promise<S3Bucket> {
  const known = drivers.get(backend);
  if (known?.driver.native === undefined) throw new TypeError('The backend has no driver.');
  const [sdk, client] = await Promise.all([import('@aws-sdk/client-s3'), known.driver.native()]);
  return { sdk, client, Bucket: known.bucketName, profile: known.profile, abortSignal: signal };
}
