import type {
  AbortMultipartUploadCommandInput,
  CompleteMultipartUploadCommandInput,
  CreateMultipartUploadCommandInput,
  DeleteObjectCommandInput,
  GetObjectCommandInput,
  HeadBucketCommandInput,
  HeadObjectCommandInput,
  ListObjectsV2CommandInput,
  PutObjectCommandInput,
  UploadPartCommandInput,
} from '@aws-sdk/client-s3';

/** Where a field of an input goes: a header, with `?` before it a parameter of the query; `''`: the verb sees to it. */
type Fields<Input> = { readonly [K in keyof Input]?: string };

const own = '';
const target = { Bucket: own, Key: own };

const onRead = {
  ...target,
  VersionId: '?versionId',
  Range: 'range',
  IfMatch: 'if-match',
  IfNoneMatch: 'if-none-match',
  IfModifiedSince: 'if-modified-since',
  IfUnmodifiedSince: 'if-unmodified-since',
};
export const headFields: Fields<HeadObjectCommandInput> = onRead;
export const getFields: Fields<GetObjectCommandInput> = onRead;

/** What is said of an object that comes to be. */
const ofObject = {
  ContentType: 'content-type',
  CacheControl: 'cache-control',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  Metadata: own,
  Tagging: 'x-amz-tagging',
  StorageClass: 'x-amz-storage-class',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  BucketKeyEnabled: 'x-amz-server-side-encryption-bucket-key-enabled',
};
const onLanding = { IfMatch: 'if-match', IfNoneMatch: 'if-none-match' };
const onBody = { ...target, ContentLength: own, ChecksumAlgorithm: own, ChecksumCRC32: 'x-amz-checksum-crc32' };
export const putFields: Fields<PutObjectCommandInput> = { ...onBody, ...ofObject, ...onLanding };
export const partFields: Fields<UploadPartCommandInput> = {
  ...onBody,
  UploadId: '?uploadId',
  PartNumber: '?partNumber',
};

export const createUploadFields: Fields<CreateMultipartUploadCommandInput> = {
  ...target,
  ...ofObject,
  ChecksumAlgorithm: 'x-amz-checksum-algorithm',
  ChecksumType: 'x-amz-checksum-type',
};
export const completeUploadFields: Fields<CompleteMultipartUploadCommandInput> = {
  ...target,
  UploadId: '?uploadId',
  MultipartUpload: own,
  ChecksumType: 'x-amz-checksum-type',
  ...onLanding,
};
export const abortUploadFields: Fields<AbortMultipartUploadCommandInput> = { ...target, UploadId: '?uploadId' };

export const deleteFields: Fields<DeleteObjectCommandInput> = {
  ...target,
  VersionId: '?versionId',
  IfMatch: 'if-match',
};

export const headBucketFields: Fields<HeadBucketCommandInput> = { Bucket: own };

export const listFields: Fields<ListObjectsV2CommandInput> = {
  Bucket: own,
  Prefix: '?prefix',
  Delimiter: '?delimiter',
  MaxKeys: '?max-keys',
  StartAfter: '?start-after',
  ContinuationToken: '?continuation-token',
  EncodingType: '?encoding-type',
};

/** What a request says. */
export interface Said {
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly query: Record<string, string> | undefined;
}

/** An input as headers and query; undefined where it has a field that this does not know: it is not left out in silence. */
export function said<Input extends object>(fields: Fields<Input>, input: Input): Said | undefined {
  const headers: Record<string, string> = {};
  let query: Record<string, string> | undefined;
  for (const name in input) {
    const value: unknown = input[name];
    if (value === undefined) continue;
    const place: unknown = fields[name];
    if (typeof place !== 'string') return undefined;
    if (place === own) continue;
    if (place.startsWith('?')) (query ??= {})[place.slice(1)] = textOf(value);
    else headers[place] = textOf(value);
  }
  return { headers, query };
}

/** What the user says of an object. */
export function addMetadata(headers: Record<string, string>, metadata: PutObjectCommandInput['Metadata']): void {
  for (const name in metadata) headers[`x-amz-meta-${name}`] = metadata[name] ?? '';
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Date ? value.toUTCString() : String(value);
}
