import { defineCapabilities } from '@storage/core/driver';

const aws = {
  keyGrammar: 'any' as 'any' | 'portable',
  keyCanBePrefixOfKey: true as true | 'hidden',
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
  // Of `If-None-Match` a write knows only `*`.
  ifNoneMatchPut: false,
  ifAbsentCopy: true as boolean,
  ifMatchCopy: true as boolean,
  sourceIfMatchCopy: true,
  ifMatchDelete: true as boolean,
  mustExistDelete: true as boolean,
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
    listIncomplete: 'all' as 'all' | 'by-key',
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
    bindsChecksum: true as boolean,
    bindsIfAbsent: true,
    responseHeaders: true,
    uploadForm: true,
  },
  versions: 'if-enabled' as 'if-enabled' | false,
  undelete: true as boolean,
  tiers: ['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR', 'GLACIER', 'DEEP_ARCHIVE'] as
    | readonly string[]
    | false,
  archiveTiers: ['GLACIER', 'DEEP_ARCHIVE'] as readonly string[] | false,
  tags: true,
  storedChecksum: 'crc32' as 'crc32' | false,
  durability: 'service',
} as const;

Object.freeze(aws.sign.methods);

/** What AWS S3 can do. */
export const awsCapabilities: typeof aws = defineCapabilities(aws);
