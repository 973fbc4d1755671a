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
  // Not by CopyObject, which ignores the condition, but by the completion of an upload whose parts are copied.
  ifAbsentCopy: true,
  ifMatchCopy: true,
  sourceIfMatchCopy: true,
  // The header is ignored: the object would be gone.
  ifMatchDelete: false,
  mustExistDelete: false,
  ifMatchMetadata: false,
  modifiedSinceRead: true,
  deleteReportsExistence: false,

  singlePut: { maxSize: 5_368_709_120, unknownSize: false },
  multipart: {
    minPartSize: 5_242_880,
    maxPartSize: 5_368_709_120,
    maxParts: 10_000,
    concurrent: 'last-complete-wins',
    abort: 'immediate',
    // Without a key it lists only what this node has seen since its start.
    listIncomplete: 'by-key',
    conditionalComplete: true,
  },
  batchDelete: 1000,
  copy: true,
  atomicMove: false,
  setMetadata: true,
  // 2048, of which 48 are kept for the token that conditional writes and uploads in parts carry.
  maxMetadataBytes: 2000,
  sign: {
    methods: ['GET', 'HEAD', 'PUT', 'DELETE'],
    maxExpiresIn: 604_800,
    bindsContentType: true,
    bindsContentLength: true,
    bindsChecksum: true,
    bindsIfAbsent: true,
    responseHeaders: true,
    uploadForm: true,
  },
  versions: 'if-enabled',
  undelete: true,
  tiers: false,
  archiveTiers: false,
  tags: true,
  storedChecksum: 'crc32',
  durability: 'service',
} as const;

/** What MinIO can do. */
export const minioCapabilities: typeof record = defineCapabilities(record);
