export { type LockOptions, MinioBackend, type SetRetentionOptions } from './backend.ts';
export type { MinioCapabilities } from './capabilities.ts';
export type { MinioOptions } from './config.ts';
export type { MinioLifecycleRule } from './lifecycle-check.ts';
export type { MinioSaveOptions, MinioUploadFileOptions, MinioUploadOptions, NativeOptions } from './native.ts';
export type { Retention } from './object-lock.ts';
