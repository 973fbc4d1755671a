import type { SaveOptions, UploadFileOptions, UploadOptions } from '@storage/core';
import type { S3NativeOptions } from '@storage/s3-protocol';
import type { MinioCapabilities } from './capabilities.ts';

/** What goes to the SDK as it is. */
export interface NativeOptions {
  /** Inputs of the SDK's PutObject that have no name here: `ACL`, `Expires`, `WebsiteRedirectLocation`, … */
  readonly native?: S3NativeOptions | undefined;
}

/** Options of `save` and `update`. */
export type MinioSaveOptions = Omit<SaveOptions<MinioCapabilities>, 'native'> & NativeOptions;
/** Options of `createUpload`. */
export type MinioUploadOptions = Omit<UploadOptions<MinioCapabilities>, 'native'> & NativeOptions;
/** Options of `uploadFile`. */
export type MinioUploadFileOptions = Omit<UploadFileOptions<MinioCapabilities>, 'native'> & NativeOptions;
