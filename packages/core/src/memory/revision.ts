import { crc32 } from 'node:zlib';
import type { ObjectAttributes } from '../driver.ts';
import type { Checksum, ContentHeaders } from '../file-info.ts';
import { defaultTier } from './capabilities.ts';

/** Everything of an object that a write decides. Never changed in place. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly checksum: Checksum;
  readonly headers: ContentHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly tier: string;
  readonly token: string | undefined;
  /** Readable from `readyAt` up to `until`, in milliseconds since 1970, although the tier is an archive. */
  readonly restore: { readonly readyAt: number; readonly until: number } | undefined;
}

/** An object as it was committed. */
export interface StoredObject extends Content {
  readonly isDeleteMarker: false;
  readonly versionId: string;
  readonly etag: string;
  readonly lastModified: number;
}

/** A deletion that hides the versions before it. */
export interface DeleteMarker {
  readonly isDeleteMarker: true;
  readonly versionId: string;
  readonly lastModified: number;
}

/** One entry in the history of a key. */
export type Revision = StoredObject | DeleteMarker;

/** What a write of `bytes` with these attributes stores. `bytes` must belong to nobody else. */
export function createContent(bytes: Uint8Array, attributes: ObjectAttributes): Content {
  return {
    bytes,
    checksum: checksumOf(bytes),
    headers: { ...attributes.headers },
    metadata: { ...attributes.metadata },
    tags: { ...attributes.tags },
    tier: attributes.tier ?? defaultTier,
    token: attributes.token,
    restore: undefined,
  };
}

export function checksumOf(bytes: Uint8Array): Checksum {
  return { algorithm: 'crc32', value: crc32(bytes).toString(16).padStart(8, '0') };
}
