import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { knownClaims, type ProbeReport, probe } from '@storage/s3-protocol/probe';
import { expect, inject, test } from 'vitest';
import { minioCapabilities } from '../src/capabilities.ts';
import { isSkipped, newBackend } from './bucket.ts';

interface Probed {
  readonly report: ProbeReport;
  /** Keys that the bucket has afterwards. */
  readonly left: readonly (string | undefined)[];
}

async function probeNewBucket(
  claims: keyof typeof knownClaims,
  { versioned = false }: { readonly versioned?: boolean } = {},
): Promise<Probed> {
  const minio = inject('minio');
  if ('skipped' in minio) throw new Error(minio.skipped);
  const bucketName = `probe-${randomBytes(6).toString('hex')}`;
  await using backend = newBackend({ bucketName });
  const client = await backend.native();
  await client.send(new CreateBucketCommand({ Bucket: bucketName }));
  if (versioned) await backend.enableVersioning();
  const report = await probe({ ...minio, bucketName, region: 'us-east-1', claims: knownClaims[claims] });
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucketName }),
  );
  return { report, left: [...Versions, ...DeleteMarkers].map(({ Key }) => Key) };
}

/** Claims with that outcome, and what was seen. */
function having({ results }: ProbeReport, outcome: string): Record<string, unknown> {
  return Object.fromEntries(
    results.filter((each) => each.outcome === outcome).map(({ claim, seen, reason }) => [claim, seen ?? reason]),
  );
}

test('the probe knows MinIO by the record of this backend', () => {
  expect(knownClaims.minio.capabilities).toBe(minioCapabilities);
});

test.skipIf(isSkipped())('a probe of MinIO finds what is claimed of it, and leaves nothing behind', async () => {
  const { report, left } = await probeNewBucket('minio');
  expect(having(report, 'failed')).toEqual({});
  expect(having(report, 'differs')).toEqual({});
  expect(having(report, 'open')).toEqual({ undelete: 'versioning is off in this bucket' });
  expect(Object.keys(having(report, 'agrees')).length).toBeGreaterThan(40);
  expect(left).toEqual([]);
});

test.skipIf(isSkipped())(
  'a probe of MinIO with the claims of AWS finds how they differ, and removes its versions too',
  async () => {
    const { report, left } = await probeNewBucket('aws', { versioned: true });
    expect(having(report, 'failed')).toEqual({});
    expect(having(report, 'differs')).toEqual({
      ifNoneMatchPut: true,
      // CopyObject ignores the condition, the completion of an upload of copied parts does not.
      'profile.conditionalCopy': 'complete',
      // Ignored: the object is gone.
      ifMatchDelete: false,
      mustExistDelete: false,
      keyCanBePrefixOfKey: 'hidden',
      keyGrammar: 'portable',
      'profile.checksumsCopiedParts': false,
      'multipart.listIncomplete': 'by-key',
      tiers: false,
      archiveTiers: false,
      'profile.closesAfterRefusal': true,
    });
    expect(having(report, 'open')).toEqual({});
    expect(left).toEqual([]);
  },
);
