import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { Encryption } from '@storage/core/driver';

/** Encryption at rest that a write asks for. */
export interface S3Encryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  /** Key of the KMS. @default its own for S3 */
  readonly keyId?: string | undefined;
  /** One key of the bucket in place of one request to the KMS for each object. @default that of the bucket */
  readonly bucketKey?: boolean | undefined;
}

/** What a request says to ask for it; nothing leaves it to the bucket, whose default an explicit header would override. */
export function fromEncryption(encryption: S3Encryption | undefined): Partial<PutObjectCommandInput> {
  if (encryption === undefined) return {};
  return {
    ServerSideEncryption: encryption.algorithm,
    SSEKMSKeyId: encryption.keyId,
    BucketKeyEnabled: encryption.bucketKey,
  };
}

/** The encryption that an object has, to be asked for again when it is written anew. */
export function asItWas(encryption: Encryption | undefined): S3Encryption | undefined {
  if (encryption === undefined) return undefined;
  const { algorithm, keyId } = encryption;
  return { algorithm: algorithm as S3Encryption['algorithm'], keyId };
}
