import { defineCapabilities } from '@storage/core/driver';

const record = {
  keyGrammar: 'any',
  keyCanBePrefixOfKey: false,
  maxKeyBytes: 1024,
  listOrder: 'utf8',
  startAfter: 'native',
  maxPageSize: 1000,
  listMetadata: 'native',
  suffixRange: 'native',
  lastModifiedPrecision: 'millisecond',
  saveReportsLastModified: true,
  etagKind: 'revision',

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

  singlePut: { maxSize: 9_007_199_254_740_991, unknownSize: true },
  multipart: {
    minPartSize: 1,
    maxPartSize: 9_007_199_254_740_991,
    maxParts: 10_000,
    concurrent: 'last-complete-wins',
    abort: 'immediate',
    listIncomplete: 'all',
    conditionalComplete: true,
  },
  batchDelete: false,
  copy: true,
  atomicMove: true,
  setMetadata: true,
  maxMetadataBytes: 65_536,
  sign: {
    methods: ['GET', 'HEAD', 'PUT', 'DELETE'],
    maxExpiresIn: 604_800,
    bindsContentType: true,
    bindsContentLength: true,
    bindsChecksum: true,
    bindsIfAbsent: true,
    responseHeaders: true,
    uploadForm: false,
  },
  versions: 'native' as 'native' | false,
  undelete: true as boolean,
  tiers: false,
  archiveTiers: false,
  tags: true,
  storedChecksum: 'crc32',
  durability: 'process' as 'process' | 'power',
} as const;

Object.freeze(record.sign.methods);

/** What the local backend can do with its default options. */
export const localCapabilities: typeof record = defineCapabilities(record);

/** Type of the local backend's capabilities, whatever its options. */
export type LocalCapabilities = typeof localCapabilities;

/** What a store with these options can do. */
export function capabilitiesOf(options: {
  readonly versions: boolean;
  readonly powerSafe: boolean;
}): LocalCapabilities {
  return defineCapabilities({
    ...localCapabilities,
    versions: options.versions ? 'native' : false,
    undelete: options.versions,
    durability: options.powerSafe ? 'power' : 'process',
  });
}
