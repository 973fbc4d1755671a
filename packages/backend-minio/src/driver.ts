import type { StorageDriver } from '@storage/core/driver';
import { createS3Driver, profiles, type S3Client, type S3Encryption, type Transport } from '@storage/s3-protocol';
import { capabilitiesOf } from './capabilities.ts';

/** Where the bucket is, who asks, and what may be done. */
export interface MinioDriverOptions {
  readonly endpointUrl: string;
  readonly publicEndpointUrl?: string | undefined;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucketName: string;
  readonly region: string;
  readonly createBucket: boolean;
  /** @default false */
  readonly objectLock?: boolean | undefined;
  readonly encryption?: S3Encryption | undefined;
  /** Bytes above which a copy is made in parts. @default 5 GiB */
  readonly copyInPartsAbove?: number | undefined;
  readonly ca?: string | undefined;
  /** @default 64 */
  readonly maxConnections?: number | undefined;
  /** @default 'auto' */
  readonly transport?: Transport | undefined;
  /** @default true */
  readonly versions?: boolean | undefined;
}

/** The driver of one bucket on a MinIO server. */
export function createMinioDriver(options: MinioDriverOptions): StorageDriver<S3Client> {
  const { accessKey, secretKey, versions = true, ...target } = options;
  return createS3Driver({
    ...target,
    type: 'minio',
    capabilities: capabilitiesOf({ versions }),
    profile: profiles.minio,
    pathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    secrets: [secretKey],
  });
}
