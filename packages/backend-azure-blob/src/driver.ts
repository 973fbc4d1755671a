import type { ContainerClient } from '@azure/storage-blob';
import { readOnly } from '@storage/core';
import type { CallContext, CopyRequest, StorageDriver } from '@storage/core/driver';
import { capabilitiesOf } from './capabilities.ts';
import { type AzureBlobDriverOptions, type Opened, openWire, type Reach, type Wire } from './connection.ts';
import { copy } from './copy/copy.ts';
import { copyLimits } from './copy/limits.ts';
import { secretsOf } from './credentials.ts';
import { classify } from './errors.ts';
import { listPage } from './list.ts';
import { createMultipart } from './multipart/multipart.ts';
import { put } from './put.ts';
import { get, head } from './read.ts';
import { remove } from './remove.ts';
import { removeMany } from './remove-many.ts';
import { settingLease } from './set-headers.ts';
import { setMetadata } from './set-metadata.ts';
import { createSign } from './sign.ts';
import { createTags } from './tags.ts';
import { createTiers } from './tiers.ts';
import { createVersions, versioningOf } from './versions.ts';

export type { AzureBlobDriverOptions } from './connection.ts';

/** A driver, and what the methods that only this backend has need of it. */
export interface AzureBlobDriver {
  readonly driver: StorageDriver<ContainerClient>;
  readonly reach: Reach;
  readonly isReadOnly: boolean;
  /** The same driver as the holder of a lease, over one that is open. */
  leased(below: Pick<StorageDriver, 'open' | 'close'>, leaseId: string): StorageDriver<ContainerClient>;
}

/** The driver of one container of an Azure Blob Storage account. */
export function createAzureBlobDriver(options: AzureBlobDriverOptions): StorageDriver<ContainerClient> {
  return openDriver(options).driver;
}

/** The driver of a backend, with what else the backend asks of it. */
export function openDriver(options: AzureBlobDriverOptions): AzureBlobDriver {
  let opened: Opened | undefined;
  const reachOpened = (): Opened => {
    if (opened === undefined) throw new TypeError('The driver is not open.');
    return opened;
  };
  const reach: Reach = () => reachOpened().wire;
  const isReadOnly = options.secondaryEndpoint !== undefined;
  // What lags behind is no ground for a write: its conditions and its proofs would be read there.
  const guarded = (driver: StorageDriver<ContainerClient>): StorageDriver<ContainerClient> =>
    isReadOnly ? (readOnly()(driver) as StorageDriver<ContainerClient>) : driver;

  const open = async (): Promise<void> => {
    opened = await openWire(options);
  };
  const close = (): Promise<void> => {
    opened?.close();
    return Promise.resolve();
  };
  return {
    driver: guarded(driverOn(options, reach, { open, close })),
    reach,
    isReadOnly,
    leased(below, leaseId) {
      let wire: Wire | undefined;
      const leasedReach: Reach = () => {
        wire ??= reachOpened().changed(settingLease(leaseId));
        return wire;
      };
      return guarded(driverOn(options, leasedReach, below));
    },
  };
}

function driverOn(
  options: AzureBlobDriverOptions,
  reach: Reach,
  { open, close }: Pick<StorageDriver, 'open' | 'close'>,
): StorageDriver<ContainerClient> {
  const capabilities = capabilitiesOf(options);
  const limits = options.copyLimits ?? copyLimits;
  return {
    driverApi: 1,
    type: 'azure-blob',
    capabilities,
    secrets: secretsOf(options),

    open,
    close,
    check: async ({ signal }) => {
      await (await reach().connected()).container.getProperties({ abortSignal: signal });
    },
    ...(options.createContainer && {
      createBucket: async ({ signal }: CallContext) => {
        await (await reach().connected()).container.createIfNotExists({ abortSignal: signal });
      },
    }),
    head: (request, context) => head(reach(), request, context),
    get: (request, context) => get(reach(), request, context),
    put: (request, context) => put(reach(), request, context),
    remove: (request, context) => remove(reach(), request, context),
    listPage: (request, context) => listPage(reach(), request, context),
    ...(capabilities.copy && {
      copy: async (request: CopyRequest, context: CallContext) =>
        copy(await reach().connected(), request, context, limits),
    }),
    setMetadata: async (request, context) => setMetadata(await reach().connected(), request, context, limits),
    removeMany: async (request, context) => removeMany(await reach().connected(), request, context),
    multipart: createMultipart(reach),
    ...(capabilities.sign !== false && { sign: createSign(reach) }),
    ...(options.versions && {
      versions: createVersions(reach),
      state: async ({ signal }: CallContext) => versioningOf(await reach().connected(), signal),
    }),
    tiers: createTiers(reach),
    tags: createTags(reach),
    native: async () => (await reach().connected()).container,
    classify,
  };
}
