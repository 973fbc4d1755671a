import {
  type Checksum,
  type ContentHeaders,
  DriverFault,
  decodeMetadata,
  defined,
  type Encryption,
  type ObjectInfo,
} from '@storage/core/driver';
import { type TierAnswer, tierOf } from './archive-state.ts';

/** What the answers to Get Blob and Get Blob Properties have in common, in the words of the SDK. */
export interface BlobAnswer extends TierAnswer {
  readonly etag?: string;
  readonly lastModified?: Date;
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly metadata?: Record<string, string>;
  readonly versionId?: string;
  readonly encryptionScope?: string;
  readonly encryptionKeySha256?: string;
}

/** Info of an object of `size` bytes, from an answer that describes it. */
export function toObjectInfo(key: string, size: number, md5: Uint8Array | undefined, answer: BlobAnswer): ObjectInfo {
  const headers: ContentHeaders = defined({
    contentType: answer.contentType ?? 'application/octet-stream',
    cacheControl: answer.cacheControl,
    contentDisposition: answer.contentDisposition,
    contentEncoding: answer.contentEncoding,
    contentLanguage: answer.contentLanguage,
  });
  return {
    key,
    size,
    etag: present(answer.etag, 'ETag'),
    lastModified: present(answer.lastModified, 'Last-Modified'),
    ...headers,
    ...decodeMetadata(answer.metadata, 'identifier'),
    ...defined({ versionId: answer.versionId }),
    ...tierOf(answer),
    ...checksumOf(md5),
    ...encryptionOf(answer),
  };
}

/** Said only where it is not the account's own way. */
function encryptionOf({ encryptionScope, encryptionKeySha256 }: BlobAnswer): { encryption?: Encryption } {
  const keyId = encryptionScope ?? encryptionKeySha256;
  return keyId === undefined ? {} : { encryption: { algorithm: 'AES256', keyId } };
}

/** The checksum, where there is one: blobs that were written in blocks have none. */
export function checksumOf(md5: Uint8Array | undefined): { checksum?: Checksum } {
  return md5 === undefined ? {} : { checksum: { algorithm: 'md5', value: Buffer.from(md5).toString('hex') } };
}

/** The MD5 of an object as the service takes it. */
export function md5Bytes({ checksum }: { readonly checksum?: Checksum }): Uint8Array | undefined {
  return checksum?.algorithm === 'md5' ? Buffer.from(checksum.value, 'hex') : undefined;
}

/** A header without which an answer is not that of the service, whatever its status: nobody knows what was done. */
export function present<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw new DriverFault('Unavailable', `the answer of the service has no ${name}`, { retryable: 'ambiguous' });
}
