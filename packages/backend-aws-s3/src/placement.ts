import type { SaveOptions, UploadFileOptions, UploadOptions } from '@storage/core';
import { StorageError } from '@storage/core';
import type { S3NativeOptions } from '@storage/s3-protocol';
import type { AwsS3Capabilities } from './capabilities.ts';

/** Where a file is kept and how it is encrypted, in the words of AWS. */
export interface PlacementOptions {
  /** The same as `tier`. @default `storageClass` of the backend */
  readonly storageClass?: string | undefined;
  /** @default `sse` of the backend */
  readonly sse?: 'AES256' | 'aws:kms' | 'aws:kms:dsse' | undefined;
  /** With `sse: 'aws:kms'` or `'aws:kms:dsse'`. @default the key of AWS for S3 */
  readonly kmsKeyId?: string | undefined;
  /** With `sse: 'aws:kms'`. @default that of the bucket */
  readonly bucketKeyEnabled?: boolean | undefined;
  /** Inputs of the SDK's PutObject that have no name here: `ACL`, `ObjectLockMode`, … */
  readonly native?: S3NativeOptions | undefined;
}

export type AwsSaveOptions = Omit<SaveOptions<AwsS3Capabilities>, 'native'> & PlacementOptions;
export type AwsUploadOptions = Omit<UploadOptions<AwsS3Capabilities>, 'native'> & PlacementOptions;
export type AwsUploadFileOptions = Omit<UploadFileOptions<AwsS3Capabilities>, 'native'> & PlacementOptions;

type Placed<O> = Omit<O, keyof PlacementOptions> & {
  readonly tier?: string | undefined;
  readonly native?: S3NativeOptions;
};

const algorithms: readonly unknown[] = ['AES256', 'aws:kms', 'aws:kms:dsse'];

/**
 * The options in the words of the contract: a storage class is a tier, an encryption goes to the SDK as it is.
 *
 * @param call the method and its key, for the error of options that contradict each other
 */
export function toPortable<O extends PlacementOptions & { readonly tier?: string | undefined }>(
  options: O,
  call: { readonly operation: string; readonly backend: string; readonly key: string },
): Placed<O> {
  const { storageClass, sse, kmsKeyId, bucketKeyEnabled, native = {}, ...rest } = options;
  const { StorageClass, ...inputs } = native;
  const tier = onlyOne([options.tier, storageClass, StorageClass], call);
  const fault = faultOf(options);
  if (fault !== undefined) throw new StorageError(fault, { code: 'InvalidArgument', ...call });
  const encryption = { ServerSideEncryption: sse, SSEKMSKeyId: kmsKeyId, BucketKeyEnabled: bucketKeyEnabled };
  const given = { ...inputs, ...(sse !== undefined && encryption) };
  return {
    ...rest,
    ...(tier !== undefined && { tier }),
    ...(Object.keys(given).length > 0 && { native: given }),
  };
}

function onlyOne(
  values: readonly (string | undefined)[],
  call: { readonly operation: string; readonly backend: string; readonly key: string },
): string | undefined {
  const [value, other] = new Set(values.filter((each) => each !== undefined));
  if (other === undefined) return value;
  throw new StorageError(`storageClass and tier say two things: ${String(value)} and ${other}`, {
    code: 'InvalidArgument',
    ...call,
  });
}

function faultOf({ sse, kmsKeyId, bucketKeyEnabled }: PlacementOptions): string | undefined {
  if (sse !== undefined && !algorithms.includes(sse)) return `sse must be 'AES256', 'aws:kms' or 'aws:kms:dsse'`;
  const isKms = sse === 'aws:kms' || sse === 'aws:kms:dsse';
  if (kmsKeyId !== undefined && !isKms) return `kmsKeyId needs sse: 'aws:kms' or 'aws:kms:dsse'`;
  if (bucketKeyEnabled !== undefined && sse !== 'aws:kms') return `bucketKeyEnabled needs sse: 'aws:kms'`;
  return undefined;
}
