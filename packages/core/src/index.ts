export { isStorageBackend, StorageBackend } from './backend.ts';
export type { BodyChunk, BodyInput, BodySource } from './body-input.ts';
export type { Capabilities, Claimed, MultipartCapability, SignCapability, SignMethod, When } from './capabilities.ts';
export type { BackendConfig, ConfigInput } from './config/backend-config.ts';
export { isBackendConfig } from './config/backend-config.ts';
export type { BackendOptions } from './config/backend-options.ts';
export type { BackendOf, BackendSource, TypedConfig } from './config/backend-source.ts';
export type { BackendSources, ManagerHealth, ManagerOptions } from './config/manager.ts';
export { StorageManager } from './config/manager.ts';
export type { BackendClass, BackendLoader, RegistryOptions } from './config/registry.ts';
export { BackendRegistry } from './config/registry.ts';
export type { TypedOptions } from './config/storage-url.ts';
export { parseStorageUrl } from './config/storage-url.ts';
export type { PartReceipt, SignedForm, SignedRequest, StorageDriver } from './driver.ts';
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
export type { Layer } from './layers/layer.ts';
export { prefixed } from './layers/prefixed.ts';
export { readOnly } from './layers/read-only.ts';
export { correlationId, withCorrelationId } from './observe/correlation.ts';
export type {
  AttemptEvent,
  EndEvent,
  EventBase,
  EventFailure,
  RetryEvent,
  StartEvent,
  StorageEvent,
  StorageObserver,
} from './observe/events.ts';
export type { StorageLogger } from './observe/logger.ts';
export { logObserver } from './observe/logger.ts';
export type { Health } from './operations/health.ts';
export type { Updater } from './operations/update.ts';
export type {
  AttributeOptions,
  BaseOptions,
  ByteRange,
  CleanupOptions,
  ConditionalWrite,
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
  ReadConditions,
  RestoreArchivedOptions,
  RetrieveOptions,
  SaveOptions,
  SignRequestOptions,
  TransferOptions,
  UpdateMetadataOptions,
  UploadFileOptions,
  UploadFormOptions,
  UploadOptions,
  VersionsOptions,
  WalkOptions,
} from './options.ts';
export type { RetrievedFile } from './retrieved-file.ts';
export type { RetryOptions } from './retry/policy.ts';
export type { StorageTier } from './tier.ts';
export type { CleanupResult } from './transfer/cleanup.ts';
export type { CompleteOptions, PutPartOptions, UploadSession } from './transfer/upload-session.ts';
