import { randomBytes } from 'node:crypto';
import { ListMultipartUploadsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Harness, Leftover } from '@storage/conformance-tests';
import type { MinioAccess } from '@storage/conformance-tests/servers';
import { MinioBackend, type MinioOptions } from '../src/index.ts';

/** A bucket of its own on a server, as the suite wants it. */
export function harnessOf(access: MinioAccess, defaults: Partial<MinioOptions> = {}): Harness {
  const bucketName = `conformance-${randomBytes(6).toString('hex')}`;
  const make = (options?: Partial<MinioOptions>): MinioBackend =>
    new MinioBackend({ ...access, bucketName, ...defaults, ...options });
  const admin = make();
  return {
    make,
    makeMissing: () => make({ bucketName: 'is-not-there', createBucket: false }),
    makeDenied: () => make({ secretKey: 'wrong-secret' }),
    server: {
      endpointUrl: access.endpointUrl,
      makeAt: (endpointUrl, options) => make({ ...options, endpointUrl }),
    },
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

async function empty(admin: MinioBackend): Promise<void> {
  // A write, since only writes create the bucket.
  await admin.save('first', '');
  // Again while there are some: listings hide the keys under a key until it is gone.
  while ((await admin.listFiles('', { limit: 1 })).length > 0) await admin.deletePrefix('', { allowAll: true });
}

async function unfinished(admin: MinioBackend, Bucket: string, key: string): Promise<readonly Leftover[]> {
  const client = await admin.native();
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: key }));
  return Uploads.map(({ UploadId }) => ({ name: String(UploadId) }));
}
