import { randomBytes } from 'node:crypto';
import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Harness, Leftover } from '@storage/conformance-tests';
import type { S3Access } from '@storage/conformance-tests/servers';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';

/** A bucket of its own on a server, as the suite wants it. */
export function harnessOf(access: S3Access, defaults: Partial<AwsS3Options> = {}): Harness {
  const bucketName = `conformance-${randomBytes(6).toString('hex')}`;
  const make = (options?: Partial<AwsS3Options>): AwsS3Backend =>
    new AwsS3Backend({ ...access, bucketName, createBucket: true, ...defaults, ...options });
  const admin = make();
  return {
    make,
    makeMissing: () => make({ bucketName: 'is-not-there', createBucket: false }),
    makeDenied: () => make({ secretKey: 'wrong-secret' }),
    reset: () => empty(admin),
    listLeftovers: (key) => unfinished(admin, bucketName, key),
    plant: async (item) => {
      if (item.kind === 'symlink') throw new Error('A bucket has no symbolic links.');
      const client = await admin.native();
      const Body = item.kind === 'file' ? item.bytes : new Uint8Array();
      await client.send(new PutObjectCommand({ Bucket: bucketName, Key: item.key, Body }));
    },
    secrets: [access.secretKey],
  };
}

async function empty(admin: AwsS3Backend): Promise<void> {
  // A write, since only writes create the bucket.
  await admin.save('first', '');
  // Again while there are some: listings of MinIO hide the keys under a key until it is gone.
  while ((await admin.listFiles('', { limit: 1 })).length > 0) await admin.deletePrefix('', { allowAll: true });
}

async function unfinished(admin: AwsS3Backend, Bucket: string, key: string): Promise<readonly Leftover[]> {
  const client = await admin.native();
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key }));
  return Uploads.map(({ UploadId }) => ({ name: String(UploadId) }));
}
