export type { AcquireLeaseOptions, SetBlobTierOptions } from './backend.ts';
export { AzureBlobBackend } from './backend.ts';
export type { AzureBlobCapabilities } from './capabilities.ts';
export type { AccessTier, AzureBlobOptions } from './config.ts';
export type { TokenCredential } from './credentials.ts';
export type { LeaseDuration } from './leases.ts';
export type { BlobProperties } from './properties.ts';
export type { BlobSnapshot } from './snapshots.ts';
export type { RehydratePriority } from './tiers.ts';
