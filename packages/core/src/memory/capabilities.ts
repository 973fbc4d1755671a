import { defineCapabilities } from '../capabilities.ts';
import type { StoreSettings } from './settings.ts';

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

  singlePut: { maxSize: 2_147_483_648 as number, unknownSize: true as boolean },
  multipart: {
    minPartSize: 1 as number,
    maxPartSize: 2_147_483_648,
    maxParts: 10_000,
    concurrent: 'last-complete-wins',
    abort: 'immediate',
    listIncomplete: 'all',
    conditionalComplete: true,
  },
  batchDelete: 1000,
  copy: true,
  atomicMove: true,
  setMetadata: true,
  maxMetadataBytes: 8192,
  sign: false,
  versions: 'native' as 'native' | false,
  undelete: true as boolean,
  tiers: ['hot', 'cool', 'archive'],
  archiveTiers: ['archive'],
  tags: true,
  storedChecksum: 'crc32',
  durability: 'none',
} as const;

/** What the memory backend can do with its default options. */
export const memoryCapabilities: typeof record = defineCapabilities(record);

/** Type of the memory backend's capabilities, whatever its options. */
export type MemoryCapabilities = typeof memoryCapabilities;

/** Tier of an object that was saved without one. */
export const defaultTier: string = memoryCapabilities.tiers[0];

/** What a store with these settings can do. */
export function capabilitiesOf(settings: StoreSettings): MemoryCapabilities {
  return defineCapabilities({
    ...memoryCapabilities,
    singlePut: { ...settings.singlePut },
    multipart: { ...memoryCapabilities.multipart, minPartSize: settings.minPartSize },
    versions: settings.versions ? 'native' : false,
    undelete: settings.versions,
  });
}
