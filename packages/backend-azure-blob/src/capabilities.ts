import { defineCapabilities } from '@storage/core/driver';
import type { AzureBlobDriverOptions } from './connection.ts';

const sign = {
  // The permission to read is for GET and HEAD alike: no URL is good for HEAD alone.
  methods: ['GET', 'PUT', 'DELETE'],
  // The service ends a user-delegation SAS after seven days; one by the account's key could live longer.
  maxExpiresIn: 604_800,
  // A SAS is good for any content.
  bindsContentType: false,
  bindsContentLength: false,
  bindsChecksum: false,
  bindsIfAbsent: false,
  responseHeaders: true,
  uploadForm: false,
} as const;

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
  ifAbsentCopy: true as boolean,
  ifMatchCopy: true as boolean,
  sourceIfMatchCopy: true as boolean,
  ifMatchDelete: true,
  mustExistDelete: true,
  ifMatchMetadata: true,
  modifiedSinceRead: true,
  deleteReportsExistence: true,

  singlePut: { maxSize: 5_242_880_000, unknownSize: false },
  multipart: {
    minPartSize: 1,
    maxPartSize: 4_194_304_000,
    maxParts: 50_000,
    concurrent: 'first-complete-wins',
    abort: 'expires',
    // Blocks can be listed, but not removed one by one.
    listIncomplete: false,
    conditionalComplete: true,
    // The service takes an MD5 of the whole only from the client, which sends parts in any order.
    storesChecksum: false,
  },
  batchDelete: 256,
  copy: true as boolean,
  atomicMove: false,
  setMetadata: true,
  // 8192, of which 48 are kept for the token that conditional writes and uploads in parts carry.
  maxMetadataBytes: 8144,
  sign: sign as typeof sign | false,
  versions: false as 'if-enabled' | false,
  undelete: false as boolean,
  tiers: ['Hot', 'Cool', 'Cold', 'Archive'],
  archiveTiers: ['Archive'],
  tags: true,
  storedChecksum: 'md5',
  durability: 'service',
} as const;

Object.freeze(sign.methods);

/** What Azure Blob Storage can do, with the key of an account and no options. */
export const azureBlobCapabilities: typeof record = defineCapabilities(record);

/** Type of `azureBlobCapabilities`. */
export type AzureBlobCapabilities = typeof azureBlobCapabilities;

/** The service cannot copy what it cannot read. */
const withoutCopies = { copy: false, ifAbsentCopy: false, ifMatchCopy: false, sourceIfMatchCopy: false };

/** What a container with these options can do. */
export function capabilitiesOf({
  credentials,
  customerProvidedKey,
  versions,
}: AzureBlobDriverOptions): AzureBlobCapabilities {
  // A signature cannot sign another one; whoever uses a URL does not have the client's own key.
  const cannotSign = credentials.kind === 'sas' || customerProvidedKey !== undefined;
  return defineCapabilities({
    ...azureBlobCapabilities,
    ...(cannotSign && { sign: false as const }),
    ...(customerProvidedKey !== undefined && withoutCopies),
    ...(versions && { versions: 'if-enabled' as const, undelete: true }),
  });
}
