import type { SaveOptions, UploadFileOptions, UploadOptions } from '@storage/core';
import type { S3NativeOptions } from '@storage/s3-protocol';
import type { MinioCapabilities } from './capabilities.ts';

interface Native {
  /** Inputs of the SDK's PutObject that have no name here: `ACL`, `Expires`, `WebsiteRedirectLocation`, … */
  readonly native?: S3NativeOptions | undefined;
}

export type MinioSaveOptions = Omit<SaveOptions<MinioCapabilities>, 'native'> & Native;
export type MinioUploadOptions = Omit<UploadOptions<MinioCapabilities>, 'native'> & Native;
export type MinioUploadFileOptions = Omit<UploadFileOptions<MinioCapabilities>, 'native'> & Native;
