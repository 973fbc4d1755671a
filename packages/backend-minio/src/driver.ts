import type { StorageDriver } from '@storage/core/driver';
import { createS3Driver, type S3Client, type S3DriverOptions } from '@storage/s3-protocol';
import { minioCapabilities } from './capabilities.ts';

/** Where the bucket is, and who asks. */
export type MinioDriverOptions = Omit<
  S3DriverOptions,
  'type' | 'capabilities' | 'closesAfterRefusal' | 'deniesRacedWrites'
>;

/** The driver of one bucket on a MinIO server. */
export function createMinioDriver(options: MinioDriverOptions): StorageDriver<S3Client> {
  return createS3Driver({
    ...options,
    type: 'minio',
    capabilities: minioCapabilities,
    closesAfterRefusal: true,
    deniesRacedWrites: true,
  });
}
