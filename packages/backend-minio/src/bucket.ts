import { type AddedCall, addedCall, type CallContext, type StorageDriver } from '@storage/core/driver';
import type { S3Client } from '@storage/s3-protocol';

/** The SDK, loaded by the first method that needs it. */
type Sdk = typeof import('@aws-sdk/client-s3');

/** What a method that asks MinIO itself needs. */
export interface MinioBucket {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly Bucket: string;
  readonly abortSignal: AbortSignal;
}

/** Where the methods of a backend find its driver; a WeakMap keeps it out of the declarations. */
const drivers = new WeakMap<object, { readonly driver: StorageDriver<S3Client>; readonly bucketName: string }>();

export function keepDriver(backend: object, driver: StorageDriver<S3Client>, bucketName: string): void {
  drivers.set(backend, { driver, bucketName });
}

/** A call of a method that only MinIO has; `work` makes one attempt. */
export function minioCall<T>(
  backend: object,
  call: Omit<AddedCall<T>, 'run'>,
  work: (bucket: MinioBucket) => Promise<T>,
): Promise<T> {
  return addedCall(backend, { ...call, run: async (context) => work(await bucketOf(backend, context)) });
}

/** Rejects where the bucket is not there: MinIO takes settings of a bucket that it does not have, and forgets them. */
export async function requireBucket({ sdk, client, Bucket, abortSignal }: MinioBucket): Promise<void> {
  await client.send(new sdk.GetBucketVersioningCommand({ Bucket }), { abortSignal });
}

async function bucketOf(backend: object, { signal }: CallContext): Promise<MinioBucket> {
  const known = drivers.get(backend);
  if (known?.driver.native === undefined) throw new TypeError('The backend has no driver.');
  const [sdk, client] = await Promise.all([import('@aws-sdk/client-s3'), known.driver.native()]);
  return { sdk, client, Bucket: known.bucketName, abortSignal: signal };
}
