import type { ContainerClient } from '@azure/storage-blob';
import { StorageBackend } from '@storage/core';
import { type BackendConfig, type ConfigInput, defineConfig } from '@storage/core/driver';
import type { AzureBlobCapabilities } from './capabilities.ts';
import { type AzureBlobOptions, azureBlobOptions, parseOptions } from './config.ts';
import { createAzureBlobDriver } from './driver.ts';

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
    super(createAzureBlobDriver(driver), settings);
  }

  /** A checked, named configuration, from which instances are created later. */
  static createConfig(options: ConfigInput<AzureBlobOptions>): BackendConfig<AzureBlobBackend> {
    return defineConfig({ type: 'azure-blob', schema: azureBlobOptions, Backend: AzureBlobBackend }, options);
  }
}
