import { StorageBackend } from '@storage/core';
import { type BackendConfig, type ConfigInput, defineConfig } from '@storage/core/driver';
import type { S3Client } from '@storage/s3-protocol';
import type { MinioCapabilities } from './capabilities.ts';
import { type MinioOptions, minioOptions, parseOptions } from './config.ts';
import { createMinioDriver } from './driver.ts';

/**
 * Files in a bucket of a MinIO server.
 *
 * @example
 * const backend = new MinioBackend({
 *   endpointUrl: 'http://localhost:9000',
 *   accessKey: process.env.MINIO_ACCESS_KEY,
 *   secretKey: process.env.MINIO_SECRET_KEY,
 *   bucketName: 'uploads',
 * });
 * await backend.save('users/123/resume.pdf', bytes, { metadata: { jobId: '456' } });
 */
export class MinioBackend extends StorageBackend<MinioCapabilities, S3Client> {
  /** Checks the options, all at once; sends nothing. */
  constructor(options: MinioOptions) {
    const { settings, driver } = parseOptions(options);
    super(createMinioDriver(driver), settings);
  }

  /** A checked, named configuration, from which instances are created later. */
  static createConfig(options: ConfigInput<MinioOptions>): BackendConfig<MinioBackend> {
    return defineConfig({ type: 'minio', schema: minioOptions, Backend: MinioBackend }, options);
  }
}
