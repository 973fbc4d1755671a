import { inspect } from 'node:util';
import { isStorageError } from '@storage/core';
import { expect, test } from 'vitest';
import { parseOptions } from '../src/config.ts';
import { AwsS3Backend, type AwsS3Options } from '../src/index.ts';

const options: AwsS3Options = { bucketName: 'uploads', region: 'eu-west-1' };
const arn = 'arn:aws:s3:us-west-2:123456789012:accesspoint/reports';

function messageOf(wrong: object): string {
  try {
    return `accepted: ${new AwsS3Backend({ ...options, ...wrong }).type}`;
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'InvalidConfig') throw error;
    return error.message;
  }
}

test('on AWS the bucket is in the host, and the SDK finds the credentials', () => {
  const { driver } = parseOptions(options);
  expect(driver).toMatchObject({ service: 'aws', pathStyle: false, createBucket: false, region: 'eu-west-1' });
  expect([driver.credentials, driver.endpointUrl, driver.encryption]).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['https://vpce-1a2b3c4d.s3.us-east-1.vpce.amazonaws.com', 'aws', false],
  ['https://s3.cn-north-1.amazonaws.com.cn', 'aws', false],
  ['http://localhost:9000', 'generic', true],
  ['https://amazonaws.com.example.org', 'generic', true],
])('%s is %s', (endpointUrl, service, pathStyle) => {
  expect(parseOptions({ ...options, endpointUrl }).driver).toMatchObject({ service, pathStyle });
  expect(parseOptions({ ...options, endpointUrl, service: 'aws' }).driver.service).toBe('aws');
});

test('another service claims no condition of a delete or a copy, and no storage class', () => {
  const { capabilities } = new AwsS3Backend({ ...options, endpointUrl: 'http://localhost:9000' });
  expect(capabilities).toMatchObject({ ifMatchDelete: false, ifAbsentCopy: false, tiers: false });
  expect(new AwsS3Backend(options).capabilities).toMatchObject({ ifMatchDelete: true, ifAbsentCopy: true });
  expect(new AwsS3Backend({ ...options, versions: false }).capabilities.versions).toBe(false);
});

test('an access point has its region in its name', () => {
  expect(parseOptions({ bucketName: arn }).driver).toMatchObject({ region: 'us-west-2', pathStyle: false });
});

test.each([
  [{ accessKey: 'a' }, 'accessKey needs secretKey'],
  [{ secretKey: 'b' }, 'secretKey needs accessKey'],
  [{ sessionToken: 'c' }, 'sessionToken needs accessKey'],
  [{ accessKey: 'a', secretKey: 'b', profile: 'p' }, 'accessKey and profile'],
  [{ credentials: () => undefined, profile: 'p' }, 'credentials and profile'],
  [{ credentials: {} }, 'credentials must be a credential provider'],
  [{ kmsKeyId: 'alias/a' }, 'kmsKeyId needs sse'],
  [{ kmsKeyId: 'alias/a', sse: 'AES256' }, 'kmsKeyId needs sse'],
  [{ bucketKeyEnabled: true, sse: 'aws:kms:dsse' }, 'bucketKeyEnabled needs sse'],
  [{ sse: 'aes256' }, 'sse must be'],
  [{ storageClass: 'GLACIAL' }, `storageClass must be 'STANDARD' or`],
  [{ storageClass: 'GLACIER', endpointUrl: 'http://localhost:9000' }, 'storageClass needs AWS'],
  [{ accelerate: true, endpointUrl: 'https://s3.amazonaws.com' }, 'accelerate chooses an address'],
  [{ dualStack: true, endpointUrl: 'https://s3.amazonaws.com' }, 'dualStack chooses an address'],
  [{ fips: true, endpointUrl: 'https://s3.amazonaws.com' }, 'fips chooses an address'],
  [{ accelerate: true, fips: true }, 'accelerate and fips'],
  [{ accelerate: true, pathStyle: true }, 'accelerate cannot be used with pathStyle'],
  [{ accelerate: true, bucketName: 'a.b.c' }, 'accelerate needs a bucketName without'],
  [{ bucketName: arn, pathStyle: true }, 'pathStyle cannot be used'],
  [{ bucketName: arn, createBucket: true }, 'createBucket cannot be used'],
  [{ bucketName: 'UPPER' }, 'bucketName must be a bucket name'],
  [{ region: 'Mars North' }, 'region must be a region'],
  [{ endpointUrl: 'localhost:9000' }, 'endpointUrl must be a URL'],
])('%o is refused, before anything is sent', (wrong, message) => {
  expect(messageOf(wrong)).toContain(message);
});

test('several faults, all named at once, and no secret', () => {
  const message = messageOf({ secretKey: 'very-secret', bucketName: '', sse: 'x', bucket: 'x', accelerate: 'yes' });
  for (const name of ['secretKey needs', 'bucketName', 'sse', 'bucket ', 'accelerate']) expect(message).toContain(name);
  expect(message).not.toContain('very-secret');
});

test('a config shows no secret, and makes instances', () => {
  const keys = { accessKey: 'AKIDEXAMPLE', secretKey: 'very-secret', sessionToken: 'very-temporary' };
  const config = AwsS3Backend.createConfig({ ...options, ...keys, name: 'archive', storageClass: 'STANDARD' });
  for (const printed of [inspect(config), JSON.stringify(config)]) expect(printed).not.toMatch(/very-/);
  expect(config.create()).toBeInstanceOf(AwsS3Backend);
  expect([config.type, config.create().name]).toEqual(['aws-s3', 'archive']);
});

test.each([
  [{}, 'https://uploads.s3.eu-west-1.amazonaws.com/a%20b'],
  [{ pathStyle: true }, 'https://s3.eu-west-1.amazonaws.com/uploads/a%20b'],
  [{ accelerate: true }, 'https://uploads.s3-accelerate.amazonaws.com/a%20b'],
  [{ dualStack: true }, 'https://uploads.s3.dualstack.eu-west-1.amazonaws.com/a%20b'],
  [{ fips: true, region: 'us-east-1' }, 'https://uploads.s3-fips.us-east-1.amazonaws.com/a%20b'],
  [{ bucketName: arn }, 'https://reports-123456789012.s3-accesspoint.us-west-2.amazonaws.com/a%20b'],
  [
    { endpointUrl: 'https://bucket.vpce-1a2b.s3.eu-west-1.vpce.amazonaws.com' },
    'https://uploads.bucket.vpce-1a2b.s3.eu-west-1.vpce.amazonaws.com/a%20b',
  ],
])('with %o a key is at %s', async (more, address) => {
  const keys = { accessKey: 'AKIDEXAMPLE', secretKey: 'secret-of-the-test' };
  await using backend = new AwsS3Backend({ ...options, ...keys, ...more });
  expect((await backend.getUrl('a b')).split('?')[0]).toBe(address);
});
