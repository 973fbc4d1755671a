/** What a driver is written against: the contract, its types, and the few helpers that drivers share. */
export { defineCapabilities } from './capabilities.ts';
export type { Capabilities, Claimed, MultipartCapability, SignCapability, SignMethod, When } from './capabilities.ts';
export { fromBytes, fromNodeStream } from './driver-kit/body-stream.ts';
export { collect, concat } from './driver-kit/collect.ts';
export { compareUtf8, compareUtf16 } from './driver-kit/compare-keys.ts';
export type { CompareKeys } from './driver-kit/compare-keys.ts';
export { untilAborted } from './driver-kit/until-aborted.ts';
export { DriverFault, isDriverFault } from './errors/driver-fault.ts';
export type { Classification, Retryable } from './errors/classification.ts';
export { errorCodes } from './errors/codes.ts';
export type { ErrorCode } from './errors/codes.ts';
export type * from './driver.ts';
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
