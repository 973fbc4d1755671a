import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { textOf } from '@storage/core/driver';
import type { S3ObjectAnswer } from '../object-info.ts';

const prefix = 'x-amz-meta-';

/** What the headers of an answer say, in the words of the SDK. */
export interface HeaderAnswer extends S3ObjectAnswer {
  readonly ContentLength?: number | undefined;
  readonly ContentRange?: string | undefined;
  readonly DeleteMarker?: boolean | undefined;
}

export function toAnswer(headers: IncomingHttpHeaders): HeaderAnswer {
  const one = (name: string): string | undefined => headers[name] as string | undefined;
  const length = one('content-length');
  const modified = one('last-modified');
  const deleteMarker = one('x-amz-delete-marker');
  return {
    ETag: headers.etag,
    ContentLength: length === undefined ? undefined : Number(length),
    ContentRange: one('content-range'),
    LastModified: modified === undefined ? undefined : new Date(modified),
    ContentType: one('content-type'),
    CacheControl: one('cache-control'),
    ContentDisposition: one('content-disposition'),
    ContentEncoding: one('content-encoding'),
    ContentLanguage: one('content-language'),
    Metadata: metadataOf(headers),
    VersionId: one('x-amz-version-id'),
    StorageClass: one('x-amz-storage-class'),
    Restore: one('x-amz-restore'),
    ArchiveStatus: one('x-amz-archive-status'),
    ServerSideEncryption: one('x-amz-server-side-encryption'),
    SSEKMSKeyId: one('x-amz-server-side-encryption-aws-kms-key-id'),
    ChecksumCRC32: one('x-amz-checksum-crc32'),
    ChecksumCRC64NVME: one('x-amz-checksum-crc64nvme'),
    ChecksumSHA1: one('x-amz-checksum-sha1'),
    ChecksumSHA256: one('x-amz-checksum-sha256'),
    ChecksumType: one('x-amz-checksum-type'),
    DeleteMarker: deleteMarker === undefined ? undefined : deleteMarker === 'true',
  };
}

function metadataOf(headers: IncomingHttpHeaders): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const name in headers) {
    if (name.startsWith(prefix)) metadata[name.slice(prefix.length)] = headers[name] as string;
  }
  return metadata;
}

/** What the driver reads of an error of the SDK. */
export interface SdkError extends Error {
  readonly $metadata: { readonly httpStatusCode: number; clockSkewCorrected?: boolean };
}

/** The error that an answer is, as the SDK would have thrown it. */
export function toError(
  { statusCode = 0, headers }: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  body: string,
): SdkError {
  const name = textOf(body, 'Code') ?? (statusCode === 404 ? 'NotFound' : 'Unknown');
  const message = textOf(body, 'Message') ?? 'UnknownError';
  const requestId = headers['x-amz-request-id'] as string | undefined;
  const $metadata = { httpStatusCode: statusCode, requestId, extendedRequestId: headers['x-amz-id-2'] };
  const Region = textOf(body, 'Region');
  return Object.assign(new Error(message), { name, Region, $metadata, $response: { headers } });
}
