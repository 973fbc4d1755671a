export type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
export { awsCapabilities } from './capabilities/aws.ts';
export { genericCapabilities } from './capabilities/generic.ts';
export { minioCapabilities } from './capabilities/minio.ts';
export { createS3Driver } from './driver.ts';
export type { S3Encryption } from './encryption.ts';
export type { S3NativeOptions } from './native.ts';
export type { S3DriverOptions, Transport } from './options.ts';
export { profiles, type S3Profile } from './profile.ts';
