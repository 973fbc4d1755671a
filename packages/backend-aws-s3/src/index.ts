export type { IntelligentTieringConfiguration, LifecycleRule } from '@storage/s3-protocol';
export { AwsS3Backend } from './backend.ts';
export type { AwsS3Capabilities } from './capabilities.ts';
export type { AwsS3Options } from './config.ts';
export type { AwsSaveOptions, AwsUploadFileOptions, AwsUploadOptions, PlacementOptions } from './placement.ts';
export type { RestoreOptions, RestoreProgress, WaitOptions } from './restore.ts';
