export type { S3Client } from '@aws-sdk/client-s3';
export { createS3Driver } from './driver.ts';
export type { S3DriverOptions } from './options.ts';
