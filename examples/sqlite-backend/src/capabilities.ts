import { defineCapabilities } from '@storage/core/driver';

const record = {
  keyGrammar: 'any',
  keyCanBePrefixOfKey: true,
  maxKeyBytes: 1024,
  listOrder: 'utf8',
  startAfter: 'native',
  maxPageSize: 1000,
  listMetadata: 'native',
  suffixRange: 'native',
  lastModifiedPrecision: 'millisecond',
  saveReportsLastModified: true,
  etagKind: 'revision',

  // A transaction checks and commits in one step, for all processes that have the file open.
  ifAbsentPut: true,
  ifMatchPut: true,
  ifNoneMatchPut: true,
  ifAbsentCopy: true,
  ifMatchCopy: true,
  sourceIfMatchCopy: true,
  ifMatchDelete: true,
  mustExistDelete: true,
  ifMatchMetadata: true,
  modifiedSinceRead: true,
  deleteReportsExistence: true,

  // Chunks make room for more than SQLite's 1 GB of one value; beyond a terabyte a database is the wrong place.
  singlePut: { maxSize: 1_099_511_627_776, unknownSize: true },
  multipart: false,
  batchDelete: false,
  copy: true,
  atomicMove: true,
  setMetadata: true,
  maxMetadataBytes: 65_536,
  sign: false,
  versions: false,
  undelete: false,
  tiers: false,
  archiveTiers: false,
  tags: false,
  storedChecksum: 'crc32',
  // With a write-ahead log and `synchronous = NORMAL`, a commit survives the process, not always a power cut.
  durability: 'process',
} as const;

/** What SQLite can do, and this backend uses. */
export const sqliteCapabilities: typeof record = defineCapabilities(record);

export type SqliteCapabilities = typeof sqliteCapabilities;
