import { randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Harness, Leftover } from '@storage/conformance-tests';
import type { S3Access } from '@storage/conformance-tests/servers';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';

/** A bucket of its own on a server, as the suite wants it. */
export function harnessOf(access: S3Access, defaults: Partial<AwsS3Options>): Harness {
  const bucketName = `conformance-${randomBytes(6).toString('hex')}`;
  const bucket: AwsS3Options = { ...access, bucketName, createBucket: true, ...defaults };
  const make = (options?: Partial<AwsS3Options>): AwsS3Backend => new AwsS3Backend({ ...bucket, ...options });
  const admin = make();
  // For the processes that the suite starts.
  process.env['MEASURED_AWS_S3'] = JSON.stringify(bucket);
  return {
    make,
    makeMissing: () => make({ bucketName: 'is-not-there', createBucket: false }),
    makeDenied: () => make({ secretKey: 'wrong-secret' }),
    server: {
      endpointUrl: access.endpointUrl,
      makeAt: (endpointUrl, options) => make({ ...options, endpointUrl }),
    },
    reset: () => renew(admin, bucketName),
    listLeftovers: (key) => unfinished(admin, bucketName, key),
    plant: async (item) => {
      if (item.kind === 'symlink') throw new Error('A bucket has no symbolic links.');
      const client = await admin.native();
      const Body = item.kind === 'file' ? item.bytes : new Uint8Array();
      await client.send(new PutObjectCommand({ Bucket: bucketName, Key: item.key, Body }));
    },
    childScript: new URL('./measure.child.ts', import.meta.url),
    secrets: [access.secretKey],
    deviations: { 135: noSymlinks, 254: noSymlinks },
  };
}

/** Nothing in a bucket leads elsewhere. */
export const noSymlinks = { reason: 'A bucket has no symbolic links.' };

/** A new bucket in place of the one with all its objects and uploads. */
async function renew(admin: AwsS3Backend, Bucket: string): Promise<void> {
  const client = await admin.native();
  const remove = new DeleteBucketCommand({ Bucket });
  remove.middlewareStack.add(
    (next) => (args) => {
      // MinIO's own: with everything that is in it.
      (args.request as { headers: Record<string, string> }).headers['x-minio-force-delete'] = 'true';
      return next(args);
    },
    { step: 'build' },
  );
  await client.send(remove).catch((error: unknown) => {
    if ((error as Error).name !== 'NoSuchBucket') throw error;
  });
  await client.send(new CreateBucketCommand({ Bucket }));
}

async function unfinished(admin: AwsS3Backend, Bucket: string, key: string): Promise<readonly Leftover[]> {
  const client = await admin.native();
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key }));
  return Uploads.map(({ UploadId }) => ({ name: String(UploadId) }));
}
