import type { ContainerClient } from '@azure/storage-blob';
import type { CallContext, StorageDriver } from '@storage/core/driver';
import { azureBlobCapabilities } from './capabilities.ts';
import { type AzureBlobDriverOptions, type Connection, connect } from './connection.ts';
import { classify } from './errors.ts';
import { listPage } from './list.ts';
import { get, head } from './read.ts';
import { put, remove } from './write.ts';

export type { AzureBlobDriverOptions } from './connection.ts';

/** The driver of one container of an Azure Blob Storage account. */
export function createAzureBlobDriver(options: AzureBlobDriverOptions): StorageDriver<ContainerClient> {
  let connection: Connection | undefined;
  const connected = (): Connection => {
    if (connection === undefined) throw new TypeError('The driver is not open.');
    return connection;
  };

  return {
    driverApi: 1,
    type: 'azure-blob',
    capabilities: azureBlobCapabilities,
    secrets: [options.accountKey],

    open: async () => {
      connection = await connect(options);
    },
    close: () => {
      connection?.close();
      return Promise.resolve();
    },
    check: async ({ signal }) => {
      await connected().container.getProperties({ abortSignal: signal });
    },
    ...(options.createContainer && {
      createBucket: async ({ signal }: CallContext) => {
        await connected().container.createIfNotExists({ abortSignal: signal });
      },
    }),
    head: (request, context) => head(connected(), request, context),
    get: (request, context) => get(connected(), request, context),
    put: (request, context) => put(connected(), request, context),
    remove: (request, context) => remove(connected(), request, context),
    listPage: (request, context) => listPage(connected(), request, context),
    native: () => Promise.resolve(connected().container),
    classify,
  };
}
