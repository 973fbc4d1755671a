export type { AzureBlobCapabilities } from './capabilities.ts';
