import { randomBytes } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Harness, Leftover } from '@storage/conformance-tests';
import type { MinioAccess } from '@storage/conformance-tests/servers';
import { MinioBackend, type MinioOptions } from '../src/index.ts';
import { deviations, versionedDeviations } from './deviations.ts';

/** A bucket of its own on a server, as the suite wants it; `versioned`: with versioning on. */
export function harnessOf(
  access: MinioAccess,
  { versioned, transport = 'auto' }: { readonly versioned: boolean; readonly transport?: 'auto' | 'sdk' },
): Harness {
  const bucketName = `conformance-${randomBytes(6).toString('hex')}`;
  const bucket = { ...access, bucketName, versions: versioned, transport };
  const make = (options?: Partial<MinioOptions>): MinioBackend => new MinioBackend({ ...bucket, ...options });
  const admin = make();
  // For the processes that the suite starts.
  process.env['MEASURED_MINIO'] = JSON.stringify(bucket);
  return {
    make,
    makeMissing: () => make({ bucketName: 'is-not-there', createBucket: false }),
    makeDenied: () => make({ secretKey: 'wrong-secret' }),
    server: {
      endpointUrl: access.endpointUrl,
      makeAt: (endpointUrl, options) => make({ ...options, endpointUrl }),
    },
    reset: async () => {
      await renew(await admin.native(), bucketName);
      if (versioned) await admin.enableVersioning();
    },
    listLeftovers: (key) => unfinished(admin, bucketName, key),
    plant: async (item) => {
      if (item.kind === 'symlink') throw new Error('A bucket has no symbolic links.');
      const client = await admin.native();
      const Body = item.kind === 'file' ? item.bytes : new Uint8Array();
      await client.send(new PutObjectCommand({ Bucket: bucketName, Key: item.key, Body }));
    },
    childScript: new URL('./measure.child.ts', import.meta.url),
    secrets: [access.secretKey],
    deviations: versioned ? versionedDeviations : deviations,
  };
}

/** A new bucket in place of the one with all its objects, versions and uploads. */
async function renew(client: S3Client, Bucket: string): Promise<void> {
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

async function unfinished(admin: MinioBackend, Bucket: string, key: string): Promise<readonly Leftover[]> {
  const client = await admin.native();
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key }));
  return Uploads.map(({ UploadId }) => ({ name: String(UploadId) }));
}
