import {
  type BaseOptions,
  type BodyInput,
  type SaveResult,
  StorageBackend,
  type StoreState,
  type Updater,
  type UploadSession,
} from '@storage/core';
import { type BackendConfig, type ConfigInput, DriverFault, defineConfig } from '@storage/core/driver';
import {
  bucketCall,
  deleteLifecycleRules,
  getLifecycleRules,
  getVersioning,
  keepDriver,
  profiles,
  type S3Client,
  setLifecycleRules,
  setVersioning,
} from '@storage/s3-protocol';
import type { MinioCapabilities } from './capabilities.ts';
import { type MinioOptions, minioOptions, parseOptions } from './config.ts';
import { createMinioDriver } from './driver.ts';
import { checkMinioRules, type MinioLifecycleRule } from './lifecycle-check.ts';
import type { MinioSaveOptions, MinioUploadFileOptions, MinioUploadOptions } from './native.ts';
import {
  checkRetention,
  getLegalHold,
  getRetention,
  type Retention,
  setLegalHold,
  setRetention,
} from './object-lock.ts';

/** The version that a method is about. */
export interface LockOptions extends BaseOptions {
  /** @default the current version */
  readonly versionId?: string | undefined;
}

/** Options of `setRetention`. */
export interface SetRetentionOptions extends LockOptions {
  /** Shorten or replace a retention in GOVERNANCE mode, for which the user needs a right of its own. @default false */
  readonly bypassGovernance?: boolean | undefined;
}

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
    const { settings, driver: driverOptions } = parseOptions(options);
    const driver = createMinioDriver(driverOptions);
    super(driver, settings);
    keepDriver(this, { driver, bucketName: driverOptions.bucketName, profile: profiles.minio });
  }

  /** A checked, named configuration, from which instances are created later. */
  static createConfig(options: ConfigInput<MinioOptions>): BackendConfig<MinioBackend> {
    return defineConfig({ type: 'minio', schema: minioOptions, Backend: MinioBackend }, options);
  }

  /**
   * Stores a file, all or nothing, as every backend does; `native` are inputs of the SDK's PutObject.
   * See https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
   *
   * @example
   * await backend.save('old', '', { native: { WebsiteRedirectLocation: '/new' } });
   */
  override save(key: string, body: BodyInput, options?: MinioSaveOptions): Promise<SaveResult> {
    return super.save(key, body, options);
  }

  /** Reads, changes and stores a file unless another write comes between; `native` as of `save`. */
  override update(key: string, fn: Updater, options?: MinioSaveOptions): Promise<SaveResult | undefined> {
    return super.update(key, fn, options);
  }

  /** Stores a file from disk, its parts in parallel; `native` as of `save`. */
  override uploadFile(key: string, path: string, options?: MinioUploadFileOptions): Promise<SaveResult> {
    return super.uploadFile(key, path, options);
  }

  /** Opens an upload whose parts you send yourself; `native` as of `save`. */
  override createUpload(key: string, options?: MinioUploadOptions): Promise<UploadSession> {
    return super.createUpload(key, options);
  }

  /**
   * Keeps every version of every object from now on; what is overwritten or deleted can be read, restored and undeleted.
   *
   * @example
   * await backend.enableVersioning();
   * const versions = await backend.getVersions('users/123/resume.pdf');
   */
  enableVersioning(options?: BaseOptions): Promise<void> {
    return bucketCall(this, { operation: 'enableVersioning', effect: 'write', options }, (bucket) =>
      setVersioning(bucket, 'Enabled'),
    );
  }

  /** Makes no more versions; those that are there stay. Rejects `Conflict` where objects can be locked. */
  suspendVersioning(options?: BaseOptions): Promise<void> {
    return bucketCall(this, { operation: 'suspendVersioning', effect: 'write', options }, (bucket) =>
      setVersioning(bucket, 'Suspended'),
    );
  }

  /** Whether versions are kept: `on`, `suspended`, or `off` as long as they never were. */
  getVersioning(options?: BaseOptions): Promise<StoreState['versioning']> {
    return bucketCall(this, { operation: 'getVersioning', effect: 'read', options }, getVersioning);
  }

  /**
   * Replaces the lifecycle rules of the bucket. Rejects `InvalidArgument` that names the rule which MinIO would refuse, or
   * drop without a word.
   * See https://min.io/docs/minio/linux/administration/object-management/object-lifecycle-management.html
   *
   * @example
   * await backend.setLifecycleRules([
   *   { ID: 'DeleteOldVersions', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } },
   * ]);
   */
  async setLifecycleRules(rules: readonly MinioLifecycleRule[], options?: BaseOptions): Promise<void> {
    await bucketCall(this, { operation: 'setLifecycleRules', effect: 'write', options }, (bucket) =>
      setLifecycleRules(bucket, checkMinioRules(rules)),
    );
  }

  /** The lifecycle rules of the bucket; none is an empty array. */
  getLifecycleRules(options?: BaseOptions): Promise<MinioLifecycleRule[]> {
    return bucketCall(this, { operation: 'getLifecycleRules', effect: 'read', options }, getLifecycleRules);
  }

  /** Removes all lifecycle rules; none resolves too. */
  deleteLifecycleRules(options?: BaseOptions): Promise<void> {
    return bucketCall(this, { operation: 'deleteLifecycleRules', effect: 'write', options }, deleteLifecycleRules);
  }

  /**
   * Keeps a version from being deleted until a date. The bucket must have been created with `objectLock: true`.
   * Rejects `InvalidArgument`, `NotFound`, `PermissionDenied` where an earlier retention holds.
   *
   * @example
   * await backend.setRetention('contract.pdf', { mode: 'GOVERNANCE', until: new Date('2030-01-01') });
   */
  setRetention(key: string, retention: Retention, options: SetRetentionOptions = {}): Promise<void> {
    const call = {
      operation: 'setRetention',
      effect: 'write',
      key,
      options,
      optionNames: ['versionId', 'bypassGovernance'],
    } as const;
    return bucketCall(this, call, (bucket) =>
      setRetention(
        bucket,
        { key, versionId: options.versionId },
        checkRetention(retention),
        options.bypassGovernance === true,
      ),
    );
  }

  /** How long a version cannot be deleted; undefined where it can. Rejects `NotFound`. */
  getRetention(key: string, options: LockOptions = {}): Promise<Retention | undefined> {
    const call = { operation: 'getRetention', effect: 'read', key, options, optionNames: ['versionId'] } as const;
    return bucketCall(this, call, (bucket) => getRetention(bucket, { key, versionId: options.versionId }));
  }

  /** Keeps a version from being deleted until the hold is taken off again. The bucket must have been created with `objectLock: true`. */
  setLegalHold(key: string, isHeld: boolean, options: LockOptions = {}): Promise<void> {
    const call = { operation: 'setLegalHold', effect: 'write', key, options, optionNames: ['versionId'] } as const;
    return bucketCall(this, call, async (bucket) => {
      if (typeof isHeld !== 'boolean') throw new DriverFault('InvalidArgument', 'isHeld must be true or false');
      await setLegalHold(bucket, { key, versionId: options.versionId }, isHeld);
    });
  }

  /** Whether a legal hold keeps a version from being deleted. Rejects `NotFound`. */
  getLegalHold(key: string, options: LockOptions = {}): Promise<boolean> {
    const call = { operation: 'getLegalHold', effect: 'read', key, options, optionNames: ['versionId'] } as const;
    return bucketCall(this, call, (bucket) => getLegalHold(bucket, { key, versionId: options.versionId }));
  }
}
