import { randomUUID } from 'node:crypto';
import type { ContainerClient } from '@azure/storage-blob';
import { type BaseOptions, StorageBackend, StorageError } from '@storage/core';
import {
  addedCall,
  type BackendConfig,
  type CallContext,
  type ConfigInput,
  DriverFault,
  defineConfig,
  type FileInfo,
} from '@storage/core/driver';
import type { AzureBlobCapabilities } from './capabilities.ts';
import { type AccessTier, type AzureBlobOptions, accessTiers, azureBlobOptions, parseOptions } from './config.ts';
import type { Connection } from './connection.ts';
import { type AzureBlobDriver, openDriver } from './driver.ts';
import { acquireLease, breakLease, isLeaseId, type LeaseDuration, releaseLease, renewLease } from './leases.ts';
import { type BlobProperties, getBlobProperties } from './properties.ts';
import { head } from './read.ts';
import { type BlobSnapshot, createSnapshot, deleteSnapshot, listSnapshots, restoreSnapshot } from './snapshots.ts';
import { priorityOf, type RehydratePriority, setTier } from './tiers.ts';
import { undeleteBlob } from './versions.ts';

/** A WeakMap keeps it out of the declarations, so that two copies of this package agree. */
const drivers = new WeakMap<object, AzureBlobDriver>();

/**
 * Files in a container of an Azure Blob Storage account.
 *
 * @example
 * const backend = new AzureBlobBackend({
 *   accountName: 'mycompany',
 *   accountKey: process.env.AZURE_STORAGE_KEY,
 *   containerName: 'uploads',
 * });
 * await backend.save('users/123/resume.pdf', bytes, { metadata: { jobId: '456' } });
 */
export class AzureBlobBackend extends StorageBackend<AzureBlobCapabilities, ContainerClient> {
  /** Checks the options, all at once; sends nothing. */
  constructor(options: AzureBlobOptions) {
    const { settings, driver } = parseOptions(options);
    const opened = openDriver(driver);
    super(opened.driver, settings);
    drivers.set(this, opened);
  }

  /** A checked, named configuration, from which instances are created later. */
  static createConfig(options: ConfigInput<AzureBlobOptions>): BackendConfig<AzureBlobBackend> {
    return defineConfig({ type: 'azure-blob', schema: azureBlobOptions, Backend: AzureBlobBackend }, options);
  }

  /**
   * Moves a file to another access tier, or back from the archive with a priority. Rejects `NotFound`.
   * https://learn.microsoft.com/azure/storage/blobs/access-tiers-overview
   *
   * @example
   * await backend.setBlobTier('users/123/old-resume.pdf', 'Archive');
   * await backend.setBlobTier('users/123/old-resume.pdf', 'Hot', { rehydratePriority: 'High' });
   */
  setBlobTier(key: string, tier: AccessTier, options?: SetBlobTierOptions): Promise<FileInfo> {
    return ask(this, 'setBlobTier', 'write', key, options, ['rehydratePriority'], async (connection, context) => {
      if (!accessTiers.includes(tier)) {
        throw new DriverFault('InvalidArgument', `tier is one of ${accessTiers.join(', ')}, not ${tier as string}`);
      }
      const rehydratePriority = priorityOf(options?.rehydratePriority);
      await setTier(connection, { key, tier, ...(rehydratePriority && { rehydratePriority }) }, context.signal);
      return toFileInfo(await head(connection, { key }, context));
    });
  }

  /**
   * Info of a file with what only this service tells: `blobTier`, `lastAccessedOn`, `archiveStatus`, leases, holds.
   * Rejects `NotFound`.
   *
   * @example
   * const { blobTier, lastAccessedOn } = await backend.getBlobProperties('users/123/resume.pdf');
   */
  getBlobProperties(key: string, options?: BaseOptions): Promise<BlobProperties> {
    return ask(this, 'getBlobProperties', 'read', key, options, [], (connection, { signal }) =>
      getBlobProperties(connection, key, signal),
    );
  }

  /** Replaces all metadata of a file without sending its body; `updateMetadata` merges. Rejects `NotFound`. */
  setBlobMetadata(key: string, metadata: Readonly<Record<string, string>>, options?: BaseOptions): Promise<FileInfo> {
    return this.updateMetadata(key, metadata, { ...options, replace: true });
  }

  /**
   * Keeps a file as it is now, beside it; it can be deleted only after its snapshots. Rejects `NotFound`.
   *
   * @example
   * const { snapshot } = await backend.createSnapshot('report.pdf');
   * await backend.restoreSnapshot('report.pdf', snapshot);
   */
  createSnapshot(key: string, options?: BaseOptions): Promise<BlobSnapshot> {
    return ask(this, 'createSnapshot', 'write', key, options, [], (connection, { signal }) =>
      createSnapshot(connection, key, signal),
    );
  }

  /** Snapshots of a file, newest first. */
  getSnapshots(key: string, options?: BaseOptions): Promise<BlobSnapshot[]> {
    return ask(this, 'getSnapshots', 'read', key, options, [], (connection, { signal }) =>
      listSnapshots(connection, key, signal),
    );
  }

  /** Makes a file what it was in a snapshot. Rejects `NotFound`. */
  restoreSnapshot(key: string, snapshot: string, options?: BaseOptions): Promise<FileInfo> {
    return ask(this, 'restoreSnapshot', 'write', key, options, [], async (connection, context) =>
      toFileInfo(await restoreSnapshot(connection, key, snapshot, context)),
    );
  }

  /** Deletes a snapshot; one that is not there resolves too. */
  deleteSnapshot(key: string, snapshot: string, options?: BaseOptions): Promise<void> {
    return ask(this, 'deleteSnapshot', 'write', key, options, [], (connection, { signal }) =>
      deleteSnapshot(connection, key, snapshot, signal),
    );
  }

  /**
   * Locks a file against writes and deletes of everybody but the holder of the id. Rejects `Conflict` when another
   * holds it, `NotFound`.
   *
   * @example
   * const leaseId = await backend.acquireLease('report.pdf', { duration: 30 });
   * await backend.withLease(leaseId).save('report.pdf', bytes);
   * await backend.releaseLease('report.pdf', leaseId);
   */
  acquireLease(key: string, options?: AcquireLeaseOptions): Promise<string> {
    const leaseId = randomUUID();
    return ask(this, 'acquireLease', 'write', key, options, ['duration'], (connection, { signal }) =>
      acquireLease(connection, key, leaseId, options?.duration ?? 60, signal),
    );
  }

  /** Begins the time of a lease anew. Rejects `Conflict` when it is no longer held. */
  renewLease(key: string, leaseId: string, options?: BaseOptions): Promise<void> {
    return ask(this, 'renewLease', 'write', key, options, [], (connection, { signal }) =>
      renewLease(connection, key, leaseId, signal),
    );
  }

  /** Lets others write again. Rejects `Conflict` when it is no longer held. */
  releaseLease(key: string, leaseId: string, options?: BaseOptions): Promise<void> {
    return ask(this, 'releaseLease', 'write', key, options, [], (connection, { signal }) =>
      releaseLease(connection, key, leaseId, signal),
    );
  }

  /** Ends a lease at once, whoever holds it. */
  breakLease(key: string, options?: BaseOptions): Promise<void> {
    return ask(this, 'breakLease', 'write', key, options, [], (connection, { signal }) =>
      breakLease(connection, key, signal),
    );
  }

  /**
   * A view whose writes and deletes are those of a lease's holder: for the files that are leased with this id, one by
   * one (`deleteMany` sends batches, which carry no lease). Throws `InvalidArgument` for what is no lease id.
   */
  withLease(leaseId: string): StorageBackend<AzureBlobCapabilities, ContainerClient> {
    if (!isLeaseId(leaseId)) {
      const message = `withLease on ${this.name} failed: leaseId must be that of an acquireLease(key)`;
      throw new StorageError(message, { code: 'InvalidArgument', operation: 'withLease', backend: this.name });
    }
    return this.with((below) => driverOf(this).leased(below, leaseId));
  }

  /**
   * Brings back what soft delete has kept of a key: the file, its snapshots and versions. Where the account has
   * versions, `undelete` makes the newest of them current as well. Rejects `NotFound` where nothing was kept.
   * https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
   */
  undeleteBlob(key: string, options?: BaseOptions): Promise<FileInfo> {
    return ask(this, 'undeleteBlob', 'write', key, options, [], async (connection, context) => {
      await undeleteBlob(connection, key, context.signal);
      return toFileInfo(await head(connection, { key }, context));
    });
  }
}

/** Options of `setBlobTier`. */
export interface SetBlobTierOptions extends BaseOptions {
  /** How soon an archived file is wanted back. @default 'Standard' */
  readonly rehydratePriority?: RehydratePriority | undefined;
}

/** Options of `acquireLease`. */
export interface AcquireLeaseOptions extends BaseOptions {
  /** 15 to 60 seconds, or `'infinite'`. @default 60 */
  readonly duration?: LeaseDuration | undefined;
}

function ask<T>(
  backend: object,
  operation: string,
  effect: 'read' | 'write',
  key: string,
  options: BaseOptions | undefined,
  optionNames: readonly string[],
  run: (connection: Connection, context: CallContext) => Promise<T>,
): Promise<T> {
  return addedCall(backend, {
    operation,
    effect,
    key,
    options,
    optionNames,
    run: async (context) => {
      const { reach, isReadOnly } = driverOf(backend);
      if (isReadOnly && effect === 'write') {
        throw new DriverFault('Unsupported', 'readFromSecondary is true: this backend reads, and writes nothing');
      }
      return run(await reach().connected(), context);
    },
  });
}

/** What the driver keeps for itself is left out. */
function toFileInfo({ token: _ours, ...info }: FileInfo & { readonly token?: string }): FileInfo {
  return info;
}

function driverOf(backend: object): AzureBlobDriver {
  const driver = drivers.get(backend);
  if (driver === undefined)
    throw new TypeError('this method was called without its backend: call it as backend.method(…)');
  return driver;
}
