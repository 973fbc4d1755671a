import {
  type Checksum,
  type ContentHeaders,
  DriverFault,
  decodeMetadata,
  defined,
  type Encryption,
  type ObjectInfo,
  type PutResponse,
  type Retryable,
} from '@storage/core/driver';
import { type ArchiveAnswer, archiveStateOf } from './archive.ts';
import { checksumOf, type S3Checksums } from './checksums.ts';
import type { Wire } from './connection.ts';

/** What the answers to HEAD, GET and PUT have in common, in the words of the SDK. */
export interface S3Answer extends S3Checksums {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
  readonly ChecksumType?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
}

/** What the answers to HEAD and GET add to it. */
export interface S3ObjectAnswer extends S3Answer, ArchiveAnswer {
  readonly LastModified?: Date | undefined;
  readonly ContentType?: string | undefined;
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}

/** Info of an object of `size` bytes, from an answer that describes it. */
export function toObjectInfo(
  wire: Pick<Wire, 'options'>,
  key: string,
  size: number,
  answer: S3ObjectAnswer,
): ObjectInfo {
  const tier = tierOf(wire, answer.StorageClass);
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
    ...whatIsStored(wire, answer),
    ...defined({ tier, archive: archiveStateOf(answer) }),
  };
}

/** The headers of an object, alone. */
export function headersOf({
  contentType,
  cacheControl,
  contentDisposition,
  contentEncoding,
  contentLanguage,
}: ObjectInfo): ContentHeaders {
  return defined({ contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage });
}

/** The answer to a write as it follows from a read of what it wrote. */
export function toPutResponse({
  size,
  etag,
  lastModified,
  versionId,
  checksum,
  tier,
  encryption,
}: ObjectInfo): PutResponse {
  return defined({ size, etag, lastModified, versionId, checksum, tier, encryption });
}

/** The tier of an object; services do not name the usual one. */
export function tierOf({ options }: Pick<Wire, 'options'>, storageClass: string | undefined): string | undefined {
  return options.capabilities.tiers === false ? undefined : storageClass || 'STANDARD';
}

/** The tier of what was written with these parameters: no answer names it. */
export function placedIn(
  wire: Pick<Wire, 'options'>,
  input: { readonly StorageClass?: string | undefined },
): { tier?: string } {
  return defined({ tier: tierOf(wire, input.StorageClass) });
}

/** A key as a listing gives it, which XML could not carry as it is. */
export function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

/** What the answer to a write says as well. */
export function whatIsStored(
  { options }: Pick<Wire, 'options'>,
  answer: S3Answer,
): {
  etag: string;
  versionId?: string;
  checksum?: Checksum;
  encryption?: Encryption;
} {
  const { storedChecksum } = options.capabilities;
  return defined({
    etag: present(answer.ETag, 'ETag'),
    versionId: answer.VersionId,
    // Where none goes with a write, a server may add one of its own to some objects.
    checksum: storedChecksum === false ? undefined : checksumOf(answer),
    encryption: encryptionOf(answer),
  });
}

/** What the document in an answer's body says; of an empty body, or of another document, the SDK makes an empty answer. */
export function told<T>(value: T | undefined, what: string, retryable: Retryable = 'safe'): T {
  if (value === undefined) throw new DriverFault('Unavailable', `the service answered with no ${what}`, { retryable });
  return value;
}

/** A header without which an answer makes no sense. */
export function present<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new DriverFault('Unknown', `the answer of the service has no ${name}`);
  return value;
}

function encryptionOf({ ServerSideEncryption, SSEKMSKeyId }: S3Answer): Encryption | undefined {
  if (ServerSideEncryption === undefined) return undefined;
  return defined({ algorithm: ServerSideEncryption, keyId: SSEKMSKeyId });
}
