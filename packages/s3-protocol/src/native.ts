import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { DriverFault } from '@storage/core/driver';

/** Inputs of PutObject that this library has options for, or decides itself. */
type OwnInput =
  | 'Bucket'
  | 'Key'
  | 'Body'
  | 'ContentLength'
  | 'ContentType'
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'Metadata'
  | 'Tagging'
  | 'IfMatch'
  | 'IfNoneMatch'
  | 'ContentMD5'
  | 'ChecksumAlgorithm'
  | 'ChecksumCRC32'
  | 'ChecksumCRC32C'
  | 'ChecksumCRC64NVME'
  | 'ChecksumSHA1'
  | 'ChecksumSHA256';

const own: Readonly<Record<OwnInput, true>> = {
  Bucket: true,
  Key: true,
  Body: true,
  ContentLength: true,
  ContentType: true,
  CacheControl: true,
  ContentDisposition: true,
  ContentEncoding: true,
  ContentLanguage: true,
  Metadata: true,
  Tagging: true,
  IfMatch: true,
  IfNoneMatch: true,
  ContentMD5: true,
  ChecksumAlgorithm: true,
  ChecksumCRC32: true,
  ChecksumCRC32C: true,
  ChecksumCRC64NVME: true,
  ChecksumSHA1: true,
  ChecksumSHA256: true,
};

/**
 * Inputs of the SDK's PutObject that this library has no option for: `ACL`, `Expires`, `ObjectLockMode`,
 * `WebsiteRedirectLocation`, … See https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export type S3NativeOptions = Omit<PutObjectCommandInput, OwnInput>;

/** What a save was given as `native`. Throws `InvalidArgument`. */
function fromNative(native: unknown): S3NativeOptions {
  if (typeof native !== 'object' || native === null) throw invalid('must be an object: inputs of the SDK’s PutObject');
  const taken = Object.keys(own).filter((name) => name in native);
  if (taken.length > 0) throw invalid(`must not have ${taken.join(', ')}: save has an option for that`);
  return native;
}

/** The input of a write with what was given as `native`, which wins; an encryption replaces the whole of the default. */
export function withNative<I extends Partial<PutObjectCommandInput>>(input: I, native: unknown): I {
  if (native === undefined) return input;
  const given = fromNative(native);
  if (given.ServerSideEncryption === undefined) return { ...input, ...given };
  const { ServerSideEncryption: _algorithm, SSEKMSKeyId: _key, BucketKeyEnabled: _bucketKey, ...rest } = input;
  return { ...rest, ...given } as I;
}

function invalid(what: string): DriverFault {
  return new DriverFault('InvalidArgument', `native ${what}`);
}
