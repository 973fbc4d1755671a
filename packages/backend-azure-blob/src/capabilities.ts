import { defineCapabilities } from '@storage/core/driver';

const record = {
  keyGrammar: 'portable',
  keyCanBePrefixOfKey: true,
  maxKeyBytes: 1024,
  listOrder: 'utf16',
  startAfter: 'emulated',
  maxPageSize: 5000,
  listMetadata: 'native',
  suffixRange: 'emulated',
  lastModifiedPrecision: 'second',
  saveReportsLastModified: true,
  etagKind: 'revision',

  ifAbsentPut: true,
  ifMatchPut: true,
  ifNoneMatchPut: true,
  ifAbsentCopy: false,
  ifMatchCopy: false,
  sourceIfMatchCopy: false,
  ifMatchDelete: true,
  mustExistDelete: true,
  ifMatchMetadata: false,
  modifiedSinceRead: true,
  deleteReportsExistence: true,

  singlePut: { maxSize: 5_242_880_000, unknownSize: false },
  multipart: false,
  batchDelete: 256,
  copy: false,
  atomicMove: false,
  setMetadata: false,
  // 8192, of which 48 are kept for the token that conditional writes and uploads in parts carry.
  maxMetadataBytes: 8144,
  sign: false,
  versions: false,
  undelete: false,
  tiers: false,
  archiveTiers: false,
  tags: true,
  storedChecksum: 'md5',
  durability: 'service',
} as const;

/** What Azure Blob Storage can do. */
export const azureBlobCapabilities: typeof record = defineCapabilities(record);

/** Type of `azureBlobCapabilities`. */
export type AzureBlobCapabilities = typeof azureBlobCapabilities;
