import {
  type Checksum,
  type ContentHeaders,
  DriverFault,
  decodeMetadata,
  defined,
  type Encryption,
  type ObjectInfo,
} from '@storage/core/driver';

/** What the answers to HEAD, GET and PUT have in common, in the words of the SDK. */
export interface S3Answer {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumType?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
}

/** What the answers to HEAD and GET add to it. */
export interface S3ObjectAnswer extends S3Answer {
  readonly LastModified?: Date | undefined;
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}

/** Info of an object of `size` bytes, from an answer that describes it. */
export function toObjectInfo(key: string, size: number, answer: S3ObjectAnswer): ObjectInfo {
  const headers: ContentHeaders = defined({
    contentType: answer.ContentType ?? 'application/octet-stream',
    cacheControl: answer.CacheControl,
    contentDisposition: answer.ContentDisposition,
    contentEncoding: answer.ContentEncoding,
    contentLanguage: answer.ContentLanguage,
  });
  return {
    key,
    size,
    lastModified: present(answer.LastModified, 'Last-Modified'),
    ...headers,
    ...decodeMetadata(answer.Metadata, 'header'),
    ...whatIsStored(answer),
  };
}

/** What the answer to a write says as well. */
export function whatIsStored(answer: S3Answer): {
  etag: string;
  versionId?: string;
  checksum?: Checksum;
  encryption?: Encryption;
} {
  return defined({
    etag: present(answer.ETag, 'ETag'),
    versionId: answer.VersionId,
    checksum: checksumOf(answer),
    encryption: encryptionOf(answer),
  });
}

/** A header without which an answer makes no sense. */
export function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new DriverFault('Unknown', `the answer of the service has no ${name}`);
  return value;
}

function checksumOf({ ChecksumCRC32, ChecksumType }: S3Answer): Checksum | undefined {
  // A composite one is a checksum of the parts' checksums.
  if (ChecksumCRC32 === undefined || ChecksumType === 'COMPOSITE') return undefined;
  return { algorithm: 'crc32', value: Buffer.from(ChecksumCRC32, 'base64').toString('hex') };
}

function encryptionOf({ ServerSideEncryption, SSEKMSKeyId }: S3Answer): Encryption | undefined {
  if (ServerSideEncryption === undefined) return undefined;
  return defined({ algorithm: ServerSideEncryption, keyId: SSEKMSKeyId });
}
