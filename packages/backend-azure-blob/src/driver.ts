import type { ContainerClient } from '@azure/storage-blob';
import { readOnly } from '@storage/core';
import type { CallContext, StorageDriver } from '@storage/core/driver';
import { capabilitiesOf } from './capabilities.ts';
import { type AzureBlobDriverOptions, type Connection, connect, type Reach } from './connection.ts';
import { secretsOf } from './credentials.ts';
import { classify } from './errors.ts';
import { listPage } from './list.ts';
import { put } from './put.ts';
import { get, head } from './read.ts';
import { remove } from './remove.ts';
import { removeMany } from './remove-many.ts';
import { createSign } from './sign.ts';
import { createTags } from './tags.ts';
import { createTiers } from './tiers.ts';
import { createVersions, versioningOf } from './versions.ts';

export type { AzureBlobDriverOptions } from './connection.ts';

/** The driver of one container of an Azure Blob Storage account. */
export function createAzureBlobDriver(options: AzureBlobDriverOptions): StorageDriver<ContainerClient> {
  let connection: Connection | undefined;
  const reach: Reach = () => {
    if (connection === undefined) throw new TypeError('The driver is not open.');
    return connection;
  };

  const capabilities = capabilitiesOf(options);
  const driver: StorageDriver<ContainerClient> = {
    driverApi: 1,
    type: 'azure-blob',
    capabilities,
    secrets: secretsOf(options),

    open: async () => {
      connection = await connect(options);
    },
    close: () => {
      connection?.close();
      return Promise.resolve();
    },
    check: async ({ signal }) => {
      await reach().container.getProperties({ abortSignal: signal });
    },
    ...(options.createContainer && {
      createBucket: async ({ signal }: CallContext) => {
        await reach().container.createIfNotExists({ abortSignal: signal });
      },
    }),
    head: (request, context) => head(reach(), request, context),
    get: (request, context) => get(reach(), request, context),
    put: (request, context) => put(reach(), request, context),
    remove: (request, context) => remove(reach(), request, context),
    listPage: (request, context) => listPage(reach(), request, context),
    removeMany: (request, context) => removeMany(reach(), request, context),
    ...(capabilities.sign !== false && { sign: createSign(reach) }),
    ...(options.versions && {
      versions: createVersions(reach),
      state: ({ signal }: CallContext) => versioningOf(reach(), signal),
    }),
    tiers: createTiers(reach),
    tags: createTags(reach),
    native: () => Promise.resolve(reach().container),
    classify,
  };
  // What lags behind is no ground for a write: its conditions and its proofs would be read there.
  return options.secondaryEndpoint === undefined ? driver : (readOnly()(driver) as StorageDriver<ContainerClient>);
}
