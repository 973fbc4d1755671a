import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { knownClaims, probe } from '@storage/s3-protocol/probe';
import { expect, inject, test } from 'vitest';
import { AwsS3Backend } from '../src/index.ts';

const moto = inject('moto');

test.skipIf('skipped' in moto)('a probe of the emulator finds where it is not AWS', async () => {
  if ('skipped' in moto) return;
  const bucketName = `probe-${randomBytes(6).toString('hex')}`;
  await using backend = new AwsS3Backend({ ...moto, bucketName, region: 'us-east-1', service: 'aws', pathStyle: true });
  const client: S3Client = await backend.native();
  await client.send(new CreateBucketCommand({ Bucket: bucketName }));
  const { results } = await probe({ ...moto, bucketName, region: 'us-east-1', claims: knownClaims.aws });
  const having = (outcome: string): unknown =>
    Object.fromEntries(
      results.filter((each) => each.outcome === outcome).map(({ claim, seen, reason }) => [claim, seen ?? reason]),
    );
  expect(having('failed')).toEqual({});
  expect(having('differs')).toEqual({
    // It checks neither signatures nor checksums.
    'sign.bindsChecksum': false,
    'sign.bindsContentLength': false,
    'sign.bindsContentType': false,
    'sign.bindsIfAbsent': false,
    'sign.uploadForm': false,
    storedChecksum: false,
    'profile.checksumsCopiedParts': false,
    // Of the conditions it knows those of a PUT, If-None-Match of a copy, and the etag of a DELETE.
    'multipart.conditionalComplete': false,
    ifMatchCopy: false,
    sourceIfMatchCopy: false,
    mustExistDelete: false,
    // Sent with every answer.
    saveReportsLastModified: true,
  });
});
