export { isStorageBackend, StorageBackend } from './backend.ts';
export type { BodyChunk, BodyInput, BodySource } from './body-input.ts';
export type { Capabilities, Claimed, MultipartCapability, SignCapability, SignMethod, When } from './capabilities.ts';
export type { SignedForm, SignedRequest, StorageDriver } from './driver.ts';
export type { Retryable } from './errors/classification.ts';
export { type ErrorCode, errorCodes } from './errors/codes.ts';
export { isStorageError, StorageError } from './errors/storage-error.ts';
export type {
  ArchiveState,
  Checksum,
  ChecksumAlgorithm,
  ContentHeaders,
  DeleteResult,
  Encryption,
  FileEntry,
  FileInfo,
  FilePage,
  FileVersion,
  SaveResult,
  StoreState,
} from './file-info.ts';
export type { Health } from './operations/health.ts';
export type { Updater } from './operations/update.ts';
export type {
  BaseOptions,
  ByteRange,
  CleanupOptions,
  CopyOptions,
  DeleteManyOptions,
  DeleteOptions,
  DeleteOutcome,
  DeletePrefixOptions,
  DeletePrefixResult,
  DownloadFileOptions,
  GetUrlOptions,
  HeadOptions,
  ListFilesOptions,
  ListOptions,
  ListPageOptions,
  MetadataPatch,
  Progress,
  RestoreArchivedOptions,
  RetrieveOptions,
  SaveOptions,
  SignRequestOptions,
  UpdateMetadataOptions,
  UploadFileOptions,
  UploadFormOptions,
  UploadOptions,
  VersionsOptions,
  WalkOptions,
} from './options.ts';
export type { RetrievedFile } from './retrieved-file.ts';
export type { StorageTier } from './tier.ts';
export type { CleanupResult } from './transfer/cleanup.ts';
export type { UploadSession } from './transfer/upload-session.ts';
