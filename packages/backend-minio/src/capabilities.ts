import { defineCapabilities } from '@storage/core/driver';

const record = {
  keyGrammar: 'portable',
  // `p` and `p/c` are both kept, but every listing shows only `p`.
  keyCanBePrefixOfKey: 'hidden',
  maxKeyBytes: 1024,
  listOrder: 'utf8',
  startAfter: 'native',
  maxPageSize: 1000,
  listMetadata: 'emulated',
  suffixRange: 'native',
  lastModifiedPrecision: 'second',
  saveReportsLastModified: false,
  etagKind: 'content',

  ifAbsentPut: true,
  ifMatchPut: true,
  ifNoneMatchPut: true,
  ifAbsentCopy: false,
  ifMatchCopy: false,
  sourceIfMatchCopy: false,
  // The header is ignored: the object would be gone.
  ifMatchDelete: false,
  mustExistDelete: false,
  ifMatchMetadata: false,
  modifiedSinceRead: true,
  deleteReportsExistence: false,

  singlePut: { maxSize: 5_368_709_120, unknownSize: false },
  multipart: false,
  batchDelete: false,
  copy: false,
  atomicMove: false,
  setMetadata: false,
  // 2048, of which 48 are kept for the token that conditional writes and uploads in parts carry.
  maxMetadataBytes: 2000,
  sign: false,
  versions: false,
  undelete: false,
  tiers: false,
  archiveTiers: false,
  tags: false,
  storedChecksum: 'crc32',
  durability: 'service',
} as const;

/** What MinIO can do. */
export const minioCapabilities: typeof record = defineCapabilities(record);

/** Type of `minioCapabilities`. */
export type MinioCapabilities = typeof minioCapabilities;
