import {
  type BaseOptions,
  type BodyInput,
  type FileInfo,
  type SaveResult,
  StorageBackend,
  StorageError,
  type StoreState,
  type Updater,
  type UploadSession,
} from '@storage/core';
import { type BackendConfig, type ConfigInput, defineConfig } from '@storage/core/driver';
import {
  deleteLifecycleRules,
  getLifecycleRules,
  getVersioning,
  type IntelligentTieringConfiguration,
  type LifecycleRule,
  type S3Client,
  setLifecycleRules,
  setVersioning,
} from '@storage/s3-protocol';
import { bucketSetting, keepBucket, requireAws } from './bucket-setting.ts';
import type { AwsS3Capabilities } from './capabilities.ts';
import { type AwsS3Options, awsS3Options, parseOptions } from './config.ts';
import { createAwsS3Driver } from './driver.ts';
import { deleteIntelligentTiering, getIntelligentTiering, setIntelligentTiering } from './intelligent-tiering.ts';
import { checkId, checkIntelligentTiering } from './intelligent-tiering-check.ts';
import { checkAwsRules } from './lifecycle-check.ts';
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
    const { settings, driver: driverOptions } = parseOptions(options);
    const driver = createAwsS3Driver(driverOptions);
    super(driver, settings);
    keepBucket(this, driver, driverOptions);
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

  /** Changes the body by compare-and-set; with the storage class and the encryption of AWS. */
  override async update(key: string, fn: Updater, options: AwsSaveOptions = {}): Promise<SaveResult | undefined> {
    return super.update(key, fn, toPortable(options, { operation: 'update', backend: this.name, key }));
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

  /**
   * Keeps every version of every object from now on; what is overwritten or deleted can be read, restored and undeleted.
   * AWS recommends to wait 15 minutes before the first write after it was switched on for the first time.
   * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html
   *
   * @example
   * await backend.enableVersioning();
   * const versions = await backend.getVersions('users/123/resume.pdf');
   */
  enableVersioning(options?: BaseOptions): Promise<void> {
    return bucketSetting(this, { operation: 'enableVersioning', effect: 'write', options }, (bucket) =>
      setVersioning(bucket, 'Enabled'),
    );
  }

  /** Makes no more versions; those that are there stay. Rejects `Conflict` where objects can be locked. */
  suspendVersioning(options?: BaseOptions): Promise<void> {
    return bucketSetting(this, { operation: 'suspendVersioning', effect: 'write', options }, (bucket) =>
      setVersioning(bucket, 'Suspended'),
    );
  }

  /** Whether versions are kept: `on`, `suspended`, or `off` as long as they never were. */
  getVersioning(options?: BaseOptions): Promise<StoreState['versioning']> {
    return bucketSetting(this, { operation: 'getVersioning', effect: 'read', options }, getVersioning);
  }

  /**
   * Replaces the lifecycle rules of the bucket; a rule without a filter is of the whole bucket. Rejects `InvalidArgument`
   * that names the rule which AWS would refuse.
   * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
   *
   * @example
   * await backend.setLifecycleRules([
   *   { ID: 'DeleteOldVersions', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
   * ]);
   */
  setLifecycleRules(rules: readonly LifecycleRule[], options?: BaseOptions): Promise<void> {
    return bucketSetting(this, { operation: 'setLifecycleRules', effect: 'write', options }, (bucket, service) =>
      setLifecycleRules(bucket, checkAwsRules(rules, service)),
    );
  }

  /** The lifecycle rules of the bucket; none is an empty array. */
  getLifecycleRules(options?: BaseOptions): Promise<LifecycleRule[]> {
    return bucketSetting(this, { operation: 'getLifecycleRules', effect: 'read', options }, getLifecycleRules);
  }

  /** Removes all lifecycle rules; none resolves too. */
  deleteLifecycleRules(options?: BaseOptions): Promise<void> {
    return bucketSetting(this, { operation: 'deleteLifecycleRules', effect: 'write', options }, deleteLifecycleRules);
  }

  /**
   * Lets files of the class INTELLIGENT_TIERING that nobody reads go to an archive, from which they must be restored.
   * Replaces the configuration of the same Id. Rejects `InvalidArgument`; `Unsupported` where the service is not AWS.
   * See https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html
   *
   * @param rule days without a read: `ARCHIVE_ACCESS` 90 to 730, `DEEP_ARCHIVE_ACCESS` 180 to 730
   *
   * @example
   * await backend.setIntelligentTiering({
   *   Id: 'OldReports',
   *   Status: 'Enabled',
   *   Filter: { Prefix: 'reports/' },
   *   Tierings: [{ AccessTier: 'ARCHIVE_ACCESS', Days: 90 }, { AccessTier: 'DEEP_ARCHIVE_ACCESS', Days: 180 }],
   * });
   */
  setIntelligentTiering(rule: IntelligentTieringConfiguration, options?: BaseOptions): Promise<void> {
    const call = { operation: 'setIntelligentTiering', effect: 'write', options } as const;
    return bucketSetting(this, call, async (bucket, service) => {
      requireAws(service);
      await setIntelligentTiering(bucket, checkIntelligentTiering(rule));
    });
  }

  /** The Intelligent-Tiering configurations of the bucket; none is an empty array. */
  getIntelligentTiering(options?: BaseOptions): Promise<IntelligentTieringConfiguration[]> {
    const call = { operation: 'getIntelligentTiering', effect: 'read', options } as const;
    return bucketSetting(this, call, async (bucket, service) => {
      requireAws(service);
      return getIntelligentTiering(bucket);
    });
  }

  /** Removes the Intelligent-Tiering configuration of this Id; none resolves too. */
  deleteIntelligentTiering(id: string, options?: BaseOptions): Promise<void> {
    const call = { operation: 'deleteIntelligentTiering', effect: 'write', options } as const;
    return bucketSetting(this, call, async (bucket, service) => {
      requireAws(service);
      await deleteIntelligentTiering(bucket, checkId(id));
    });
  }
}

const glacier: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR'];
