/** What a driver is written against: the contract, its types, and the few helpers that drivers share. */

export type { AddedCall } from './backend.ts';
export { addedCall, isStorageBackend, StorageBackend } from './backend.ts';
export type { Capabilities, Claimed, MultipartCapability, SignCapability, SignMethod, When } from './capabilities.ts';
export { defineCapabilities } from './capabilities.ts';
export type { BackendConfig, ConfigInput } from './config/backend-config.ts';
export { defineConfig, isBackendConfig } from './config/backend-config.ts';
export type { BackendOptions, BackendSettings } from './config/backend-options.ts';
export { backendFields } from './config/backend-options.ts';
export type { OptionsRule, OptionsSchema } from './config/check-options.ts';
export { checkOptions, defineOptions, secretsIn } from './config/check-options.ts';
export type { Checked, Field } from './config/field.ts';
export { count, duration, flag, instance, oneOf, text, timer, url } from './config/fields.ts';
export type { Fault } from './config/option-faults.ts';
export type { Fields } from './config/structures.ts';
export { dictionary, either, group, list, optional, withDefault } from './config/structures.ts';
export type * from './driver.ts';
export type { Agents, AgentsOptions } from './driver-kit/agents.ts';
export { createAgents, isStaleConnection } from './driver-kit/agents.ts';
export { bytesOf, finished, refusalText } from './driver-kit/answer-body.ts';
export type { BlockWriter } from './driver-kit/block-writer.ts';
export { createBlockWriter } from './driver-kit/block-writer.ts';
export { fromBytes, fromNodeStream } from './driver-kit/body-stream.ts';
export { chunksOf } from './driver-kit/chunks-of.ts';
export { collect, concat, joined } from './driver-kit/collect.ts';
export type { CompareKeys } from './driver-kit/compare-keys.ts';
export { compareUtf8, compareUtf16 } from './driver-kit/compare-keys.ts';
export type { Matched } from './driver-kit/conditions.ts';
export { checkMatch, checkRead, checkWrite } from './driver-kit/conditions.ts';
export { classifyConnection } from './driver-kit/connection-errors.ts';
export type { Defined } from './driver-kit/defined.ts';
export { defined } from './driver-kit/defined.ts';
export type { HttpPlace, HttpRequest, HttpSender } from './driver-kit/http-sender.ts';
export { createHttpSender } from './driver-kit/http-sender.ts';
export { classifyStatus, retryAfterMs } from './driver-kit/http-status.ts';
export { named, namedInRace, nameOf } from './driver-kit/named-error.ts';
export type { Renewed } from './driver-kit/renewed.ts';
export { renewed } from './driver-kit/renewed.ts';
export { resolveRange } from './driver-kit/resolve-range.ts';
export { sendStream } from './driver-kit/send-stream.ts';
export type { ServiceClock, ServiceTime } from './driver-kit/service-clock.ts';
export { createServiceClock } from './driver-kit/service-clock.ts';
export { untilAborted } from './driver-kit/until-aborted.ts';
export type { MetadataWire, StoredMetadata } from './driver-kit/wire-metadata.ts';
export {
  decodeMetadata,
  encodeMetadata,
  foldMetadataName,
  isReservedMetadataName,
  wireMetadataBytes,
} from './driver-kit/wire-metadata.ts';
export type { OnElement } from './driver-kit/xml.ts';
export { readXml, textOf } from './driver-kit/xml.ts';
export { parseDuration } from './duration.ts';
export type { Classification, Retryable } from './errors/classification.ts';
export type { ErrorCode } from './errors/codes.ts';
export { errorCodes } from './errors/codes.ts';
export { DriverFault, isDriverFault } from './errors/driver-fault.ts';
export { redact } from './errors/redact.ts';
export { isStorageError, StorageError } from './errors/storage-error.ts';
export type {
  ArchiveState,
  Checksum,
  ChecksumAlgorithm,
  ContentHeaders,
  DeleteResult,
  Encryption,
  FileInfo,
  FilePage,
  SaveResult,
} from './file-info.ts';
export type { Layer, Total } from './layers/layer.ts';
export { overDriver, present } from './layers/layer.ts';
