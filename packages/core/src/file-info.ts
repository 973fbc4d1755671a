import type { StorageTier } from './tier.ts';

/** A checksum of the whole object. `value` is lower-case hexadecimal. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

/** Algorithms in which a checksum may be declared or returned. */
export type ChecksumAlgorithm = 'crc32' | 'crc64nvme' | 'md5' | 'sha1' | 'sha256';

/** Where an object in an archive tier stands. */
export type ArchiveState =
  | { readonly status: 'archived' }
  | { readonly status: 'restoring' }
  | { readonly status: 'restored'; readonly until: Date | undefined };

/** How the service encrypts an object at rest. */
export interface Encryption {
  readonly algorithm: string;
  readonly keyId?: string;
}

/** Headers that are stored with an object and sent when it is served. */
export interface ContentHeaders {
  readonly contentType: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
}

/** Everything known of an object but its bytes. */
export interface FileInfo extends ContentHeaders {
  readonly key: string;
  /** Bytes of the whole object. */
  readonly size: number;
  /** Opaque; give it back verbatim to `ifMatch`. */
  readonly etag: string;
  readonly lastModified: Date;
  /** In the spelling in which it was saved. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly versionId?: string;
  readonly tier?: StorageTier;
  readonly archive?: ArchiveState;
  readonly checksum?: Checksum;
  readonly encryption?: Encryption;
}

/** What a write resolves to: the new object's info; `lastModified` only where the service's answer carries it. */
export interface SaveResult extends Omit<FileInfo, 'lastModified'> {
  readonly lastModified?: Date;
}

/** One object of a listing. */
export interface FileEntry {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
  readonly tier?: StorageTier;
  /** Only with `include: ['metadata']`. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Only with `include: ['metadata']`. */
  readonly contentType?: string;
}

/** One page of a listing. */
export interface FilePage {
  readonly entries: readonly FileEntry[];
  /** Common prefixes up to the delimiter, each with at least one object. */
  readonly prefixes: readonly string[];
  /** Give it to the next `listPage` with the same query; absent on the last page. */
  readonly cursor?: string;
}

/** One revision of a key, newest first in `getVersions`. */
export interface FileVersion extends FileEntry {
  readonly versionId: string;
  readonly isCurrent: boolean;
  /** A deletion: no bytes, size 0. */
  readonly isDeleteMarker: boolean;
}

/** What `delete` resolves to. */
export interface DeleteResult {
  readonly key: string;
  /** `undefined`: the service does not say, or the call was retried. */
  readonly existed: boolean | undefined;
  readonly versionId?: string;
  readonly deleteMarker?: boolean;
}

/** What a bucket, container or folder has switched on. */
export interface StoreState {
  readonly versioning: 'on' | 'off' | 'suspended' | 'unknown';
}
