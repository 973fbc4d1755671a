import { randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { conformance } from '@storage/conformance-tests/vitest';
import { afterAll, test } from 'vitest';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';
import { noSymlinks } from './store.ts';

// Off by default: it needs an account of AWS, which pays. Credentials come from where the SDK finds them; it makes a
// bucket of its own in the region, and removes it with all that is in it.
const region = process.env['STORAGE_TEST_AWS_REGION'];

if (region === undefined || region === '') test.skip('STORAGE_TEST_AWS_REGION names no region of a live account');
else {
  const bucketName = `conformance-${randomBytes(6).toString('hex')}`;
  const make = (options: Partial<AwsS3Options> = {}): AwsS3Backend =>
    new AwsS3Backend({ bucketName, region, createBucket: true, ...options });
  const admin = make();
  afterAll(async () => {
    await removeBucket(await admin.native(), bucketName);
    await admin.close();
  });
  conformance({
    name: 'aws-s3-live',
    harness: {
      make,
      makeMissing: () => make({ bucketName: `${bucketName}-missing`, createBucket: false }),
      makeDenied: () => make({ accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wrong-secret' }),
      reset: async () => {
        await admin.enableVersioning();
        await empty(await admin.native(), bucketName);
      },
      listLeftovers: async (key) => {
        const client = await admin.native();
        const { Uploads = [] } = await client.send(
          new ListMultipartUploadsCommand({ Bucket: bucketName, Prefix: key }),
        );
        return Uploads.map(({ UploadId }) => ({ name: String(UploadId) }));
      },
      evidence: 'live',
      deviations: { 135: noSymlinks, 254: noSymlinks },
    },
    areas: ['setup', 'conditions', 'delete', 'sign', 'tiers', 'versions'],
  });
}

/** Removes every version, every deletion and every unfinished upload. */
async function empty(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key = '', VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) break;
    const { Errors: [error] = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    if (error !== undefined) throw new Error(`${String(error.Key)}: ${String(error.Message)}`);
  }
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads) {
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
}

async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
  await empty(client, Bucket);
  await client.send(new DeleteBucketCommand({ Bucket }));
}
