import type { Readable } from 'node:stream';
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
import type { UploadBody } from '@storage/core/driver';
import type { S3Answer, S3ObjectAnswer } from './object-info.ts';

/** The answer to HEAD and GET. */
export interface S3HeadAnswer extends S3ObjectAnswer {
  readonly ContentLength?: number | undefined;
  readonly ContentRange?: string | undefined;
}

interface S3GetAnswer extends S3HeadAnswer {
  readonly Body: Readable;
}

interface S3RemoveAnswer {
  readonly VersionId?: string | undefined;
  readonly DeleteMarker?: boolean | undefined;
}

export interface S3ListedObject {
  readonly Key?: string | undefined;
  readonly Size?: number | undefined;
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly StorageClass?: string | undefined;
}

export interface S3Listing {
  /** Always told, by an answer that is a listing. */
  readonly IsTruncated?: boolean | undefined;
  readonly Contents?: readonly S3ListedObject[] | undefined;
  readonly CommonPrefixes?: readonly { readonly Prefix?: string | undefined }[] | undefined;
  readonly NextContinuationToken?: string | undefined;
}

/** Answer to a write; only those to PutObject and CompleteMultipartUpload say all of it. */
type S3WriteAnswer = S3Answer;

interface S3UploadAnswer {
  readonly UploadId?: string | undefined;
}

/**
 * The requests that most calls consist of, in the words of the SDK: sent by the SDK, or directly. Both reject with an
 * error as the SDK makes it, and for the same reasons.
 */
export interface Verbs {
  headObject(input: HeadObjectCommandInput, signal: AbortSignal): Promise<S3HeadAnswer>;
  getObject(input: GetObjectCommandInput, signal: AbortSignal): Promise<S3GetAnswer>;
  putObject(input: PutObjectCommandInput, body: UploadBody, signal: AbortSignal): Promise<S3WriteAnswer>;
  uploadPart(input: UploadPartCommandInput, body: UploadBody, signal: AbortSignal): Promise<S3WriteAnswer>;
  createMultipartUpload(input: CreateMultipartUploadCommandInput, signal: AbortSignal): Promise<S3UploadAnswer>;
  completeMultipartUpload(input: CompleteMultipartUploadCommandInput, signal: AbortSignal): Promise<S3WriteAnswer>;
  abortMultipartUpload(input: AbortMultipartUploadCommandInput, signal: AbortSignal): Promise<unknown>;
  deleteObject(input: DeleteObjectCommandInput, signal: AbortSignal): Promise<S3RemoveAnswer>;
  headBucket(input: HeadBucketCommandInput, signal: AbortSignal): Promise<unknown>;
  listObjects(input: ListObjectsV2CommandInput, signal: AbortSignal): Promise<S3Listing>;
}
