/** What an upload in parts may do on a service. */
export interface MultipartCapability {
  /** Smallest part that is not the last, in bytes. */
  readonly minPartSize: number;
  /** Largest part, in bytes. */
  readonly maxPartSize: number;
  /** Most parts in one upload. */
  readonly maxParts: number;
  /** Who wins when two sessions complete on one key. */
  readonly concurrent: 'last-complete-wins' | 'first-complete-wins';
  /** Whether an aborted session's parts are gone at once, or expire on their own. */
  readonly abort: 'immediate' | 'expires';
  /** Which unfinished uploads the service can list: all, only those of an exact key, or none. */
  readonly listIncomplete: 'all' | 'by-key' | false;
  /** Whether the condition of a save is enforced when the upload completes. */
  readonly conditionalComplete: boolean;
  /** Whether an object that was made of parts carries a checksum (`storedChecksum`) too. @default true */
  readonly storesChecksum?: boolean;
}

/** What a signed request may do on a service. */
export interface SignCapability {
  /** Methods that can be signed. */
  readonly methods: readonly SignMethod[];
  /** Longest life of a signed request, in seconds. */
  readonly maxExpiresIn: number;
  /** Whether the server refuses an upload whose content type is not the signed one. */
  readonly bindsContentType: boolean;
  /** Whether the server refuses an upload whose length is not the signed one. */
  readonly bindsContentLength: boolean;
  /** Whether the server refuses an upload whose bytes do not have the signed checksum. */
  readonly bindsChecksum: boolean;
  /** Whether a signed PUT can be create-only. */
  readonly bindsIfAbsent: boolean;
  /** Whether a signed GET can override the content type and disposition of the response. */
  readonly responseHeaders: boolean;
  /** Whether upload forms (POST policies) exist. */
  readonly uploadForm: boolean;
}

/** Method of a signed request. */
export type SignMethod = 'GET' | 'HEAD' | 'PUT' | 'DELETE';

/**
 * What a service, with the options given, can do: data, known without I/O, frozen, and a claim that the
 * conformance suite checks. A member of the driver that a capability names exists exactly when it is claimed.
 */
export interface Capabilities {
  /** Which keys the service itself can hold: only portable ones, or any well-formed key. */
  readonly keyGrammar: 'portable' | 'any';
  /** Whether `a` and `a/b` may both exist; `'hidden'`: both are kept, listings show only the shorter. */
  readonly keyCanBePrefixOfKey: boolean | 'hidden';
  /** Longest key, in UTF-8 bytes. */
  readonly maxKeyBytes: number;
  /** Order of listings: by UTF-8 bytes (code points) or by UTF-16 code units. */
  readonly listOrder: 'utf8' | 'utf16';
  /** How `startAfter` is done. */
  readonly startAfter: 'native' | 'emulated';
  /** Largest page of a listing. */
  readonly maxPageSize: number;
  /** Whether listings can carry metadata. */
  readonly listMetadata: 'native' | 'emulated' | false;
  /** How the last N bytes are read. */
  readonly suffixRange: 'native' | 'emulated';
  /** Precision of `lastModified` in `getMetadata`. */
  readonly lastModifiedPrecision: 'second' | 'millisecond';
  /** Whether the response of a write carries `lastModified`. */
  readonly saveReportsLastModified: boolean;
  /** Whether an etag names a revision, or only the content (then A→B→A is not seen). */
  readonly etagKind: 'revision' | 'content';

  /** `save(…, { ifAbsent })`. */
  readonly ifAbsentPut: boolean;
  /** `save(…, { ifMatch })` and `update`. */
  readonly ifMatchPut: boolean;
  /** `save(…, { ifNoneMatch: etag })`. */
  readonly ifNoneMatchPut: boolean;
  /** `copy(…, { ifAbsent })`. */
  readonly ifAbsentCopy: boolean;
  /** `copy(…, { ifMatch })`: the destination's etag. */
  readonly ifMatchCopy: boolean;
  /** `copy(…, { sourceIfMatch })`. */
  readonly sourceIfMatchCopy: boolean;
  /** `delete(…, { ifMatch })`. */
  readonly ifMatchDelete: boolean;
  /** `delete(…, { mustExist })`. */
  readonly mustExistDelete: boolean;
  /** `updateMetadata(…, { ifMatch })`. */
  readonly ifMatchMetadata: boolean;
  /** `retrieve(…, { ifModifiedSince, ifUnmodifiedSince })`. */
  readonly modifiedSinceRead: boolean;
  /** Whether a delete knows if the object existed. */
  readonly deleteReportsExistence: boolean;

  /** Largest body of one put request in bytes, and whether it may be of unknown size. */
  readonly singlePut: { readonly maxSize: number; readonly unknownSize: boolean };
  /** Uploads in parts: driver member `multipart`. */
  readonly multipart: MultipartCapability | false;
  /** Keys of one batch delete: driver member `removeMany`; `false`: one request each. */
  readonly batchDelete: number | false;
  /** Server-side copy: driver member `copy`. */
  readonly copy: boolean;
  /** Whether `move` is one atomic step (driver member `move`). */
  readonly atomicMove: boolean;
  /** Metadata change without the body: driver member `setMetadata`. */
  readonly setMetadata: boolean;
  /** Σ(encoded name + encoded value + 11) that the service accepts, in bytes. */
  readonly maxMetadataBytes: number;
  /** Signed requests: driver member `sign`. */
  readonly sign: SignCapability | false;
  /** Versions: driver member `versions`; `'if-enabled'`: the bucket or account must have them switched on. */
  readonly versions: 'native' | 'if-enabled' | false;
  /** `undelete(key)`. */
  readonly undelete: boolean;
  /** Storage tiers by name: driver member `tiers`. */
  readonly tiers: readonly string[] | false;
  /** Tiers whose objects must be restored before they can be read. */
  readonly archiveTiers: readonly string[] | false;
  /** Tags: driver member `tags`. */
  readonly tags: boolean;
  /** Checksum that comes back with an object and is verified on whole reads. */
  readonly storedChecksum: 'crc32' | 'md5' | 'crc64nvme' | 'sha256' | false;
  /** Whether what a write committed can be lost by power failure: declared durability. */
  readonly durability: 'none' | 'process' | 'power' | 'service';
}

/** A capability that is claimed as anything but `false`. */
export type Claimed<C extends Capabilities> = { [K in keyof C]: C[K] extends false ? never : K }[keyof C];

/**
 * Options `T` where the claim is made; where it is `false`, the same names do not compile.
 *
 * @example
 * type DeleteOptions<C extends Capabilities> = BaseOptions & When<C['ifMatchDelete'], { ifMatch?: string }>;
 */
export type When<Claim, T> = [Claim] extends [false] ? { readonly [K in keyof T]?: never } : T;

/** Freezes a capability record with its literal types, for all levels. */
export function defineCapabilities<const C extends Capabilities>(capabilities: C): C {
  freezeAll(capabilities);
  return capabilities;
}

function freezeAll(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freezeAll(member);
}
