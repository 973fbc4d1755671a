export { AzureBlobBackend } from './backend.ts';
export type { AzureBlobCapabilities } from './capabilities.ts';
export type { AzureBlobOptions } from './config.ts';
