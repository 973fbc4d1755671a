import {
  type BodyInput,
  type FileInfo,
  type SaveResult,
  StorageBackend,
  StorageError,
  type UploadSession,
} from '@storage/core';
import { type BackendConfig, type ConfigInput, defineConfig } from '@storage/core/driver';
import type { S3Client } from '@storage/s3-protocol';
import type { AwsS3Capabilities } from './capabilities.ts';
import { type AwsS3Options, awsS3Options, parseOptions } from './config.ts';
import { createAwsS3Driver } from './driver.ts';
import { type AwsSaveOptions, type AwsUploadFileOptions, type AwsUploadOptions, toPortable } from './placement.ts';
import { type RestoreOptions, type WaitOptions, waitUntilRestored } from './restore.ts';

/**
 * Files in a bucket of AWS S3, or of another service that speaks S3.
 *
 * @example
 * const backend = new AwsS3Backend({ bucketName: 'my-production-bucket', region: 'us-east-1' });
 * await backend.save('users/123/resume.pdf', bytes, { storageClass: 'INTELLIGENT_TIERING' });
 */
export class AwsS3Backend extends StorageBackend<AwsS3Capabilities, S3Client> {
  /** Checks the options, all at once; sends nothing. */
  constructor(options: AwsS3Options) {
    const { settings, driver } = parseOptions(options);
    super(createAwsS3Driver(driver), settings);
  }

  /** A checked, named configuration, from which instances are created later. */
  static createConfig(options: ConfigInput<AwsS3Options>): BackendConfig<AwsS3Backend> {
    return defineConfig({ type: 'aws-s3', schema: awsS3Options, Backend: AwsS3Backend }, options);
  }

  /**
   * Stores a file, all or nothing, as every backend does; with the storage class and the encryption of AWS.
   * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
   *
   * @example
   * await backend.save('report.pdf', bytes, { storageClass: 'STANDARD_IA', sse: 'aws:kms', kmsKeyId: 'alias/reports' });
   */
  override async save(key: string, body: BodyInput, options: AwsSaveOptions = {}): Promise<SaveResult> {
    return super.save(key, body, toPortable(options, { operation: 'save', backend: this.name, key }));
  }

  /** Stores a file from disk, its parts in parallel; with the storage class and the encryption of AWS. */
  override async uploadFile(key: string, path: string, options: AwsUploadFileOptions = {}): Promise<SaveResult> {
    return super.uploadFile(key, path, toPortable(options, { operation: 'uploadFile', backend: this.name, key }));
  }

  /** Opens an upload whose parts you send yourself; with the storage class and the encryption of AWS. */
  override async createUpload(key: string, options: AwsUploadOptions = {}): Promise<UploadSession> {
    return super.createUpload(key, toPortable(options, { operation: 'createUpload', backend: this.name, key }));
  }

  /**
   * Moves a file to one of the Glacier storage classes, without sending its body. From GLACIER and DEEP_ARCHIVE it must be
   * restored before it can be read; GLACIER_IR can be read at once. In a bucket with versions it becomes a new version.
   * Rejects `NotFound`, `InvalidArgument`.
   * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/glacier-storage-classes.html
   *
   * @param options.storageClass `'GLACIER'`, `'DEEP_ARCHIVE'` or `'GLACIER_IR'`. @default 'GLACIER'
   *
   * @example
   * await backend.transitionToGlacier('users/123/old_resume.pdf');
   */
  async transitionToGlacier(
    key: string,
    options: {
      readonly storageClass?: 'GLACIER' | 'DEEP_ARCHIVE' | 'GLACIER_IR' | undefined;
      readonly signal?: AbortSignal | undefined;
      readonly timeoutMs?: number | undefined;
    } = {},
  ): Promise<FileInfo> {
    const { storageClass = 'GLACIER', ...rest } = options;
    if (glacier.includes(storageClass)) return this.setTier(key, storageClass, rest);
    const call = { operation: 'transitionToGlacier', backend: this.name, key };
    throw new StorageError(`storageClass must be one of ${glacier.join(', ')}`, { code: 'InvalidArgument', ...call });
  }

  /**
   * Asks for an archived file to be readable for some days; `FileInfo.archive` and `waitUntilRestored` tell when it is.
   * A file that is not archived, or is on its way, resolves as it is. Rejects `NotFound`, `Unavailable` (no room for
   * Expedited now).
   * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
   *
   * @param options.days days that it stays readable. @default 1
   *
   * @example
   * await backend.restoreFromGlacier('users/123/old_resume.pdf', { days: 1 });
   * await backend.waitUntilRestored('users/123/old_resume.pdf');
   */
  async restoreFromGlacier(key: string, options: RestoreOptions = {}): Promise<FileInfo> {
    const { tier, ...rest } = options;
    const { signal, timeoutMs } = options;
    const info = tier === undefined ? await this.getMetadata(key, { signal, timeoutMs }) : undefined;
    const priority = tier ?? (info?.tier === 'DEEP_ARCHIVE' ? 'Standard' : 'Expedited');
    return this.restoreArchived(key, { ...rest, priority });
  }

  /**
   * Waits until a file that was asked back can be read. Rejects `NotFound`, `Archived` when nobody asked, `Timeout`.
   *
   * @param options.pollIntervalMs milliseconds between two questions. @default 60000
   *
   * @example
   * await backend.waitUntilRestored('old.pdf', { onProgress: ({ waitedMs }) => console.log(waitedMs) });
   */
  waitUntilRestored(key: string, options: WaitOptions = {}): Promise<FileInfo> {
    return waitUntilRestored(this, key, options);
  }
}

const glacier: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR'];
