import { inspect } from 'node:util';
import { isStorageError } from '@storage/core';
import { describe, expect, test } from 'vitest';
import { parseOptions } from '../src/config.ts';
import { MinioBackend, type MinioOptions } from '../src/index.ts';

const options: MinioOptions = {
  endpointUrl: 'http://localhost:9000',
  accessKey: 'access',
  secretKey: 'very-secret',
  bucketName: 'uploads',
};

function messageOf(wrong: object): string {
  try {
    return `accepted: ${new MinioBackend({ ...options, ...wrong }).type}`;
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'InvalidConfig') throw error;
    return error.message;
  }
}

test('defaults are filled in', () => {
  expect(parseOptions(options).driver).toEqual({
    ...options,
    region: 'us-east-1',
    createBucket: true,
    objectLock: false,
    maxConnections: 64,
    versions: true,
    transport: 'auto',
  });
});

test.each([
  ['localhost:9000', undefined, 'https://localhost:9000'],
  ['localhost:9000', true, 'https://localhost:9000'],
  ['localhost:9000', false, 'http://localhost:9000'],
  ['http://[::1]:9000', undefined, 'http://[::1]:9000'],
  ['https://minio.example.com/', true, 'https://minio.example.com/'],
])('the address %s with secure: %s is %s', (endpointUrl, secure, expected) => {
  expect(parseOptions({ ...options, endpointUrl, secure }).driver.endpointUrl).toBe(expected);
});

test('encryption is what the options say', () => {
  const parsed = parseOptions({ ...options, sse: 'aws:kms', kmsKeyId: 'reports' });
  expect(parsed.driver).toMatchObject({ encryption: { algorithm: 'aws:kms', keyId: 'reports' } });
});

describe('refused, before anything is sent:', () => {
  test('a key of the KMS without its encryption, and another one than MinIO has', () => {
    expect(messageOf({ kmsKeyId: 'reports' })).toContain("kmsKeyId is for sse: 'aws:kms'");
    expect(messageOf({ sse: 'AES256', kmsKeyId: 'reports' })).toContain("kmsKeyId is for sse: 'aws:kms'");
    expect(messageOf({ sse: 'aes' })).toContain("sse must be 'AES256' or 'aws:kms'");
  });

  test('a public address without a scheme', () => {
    expect(messageOf({ publicEndpointUrl: 'files.example.com' })).toContain('publicEndpointUrl must be an address');
  });

  test('an address that contradicts secure', () => {
    expect(messageOf({ secure: true })).toContain('secure is true, but endpointUrl begins with http://');
    expect(messageOf({ endpointUrl: 'https://a', secure: false })).toContain('secure is false');
  });

  test.each(['', 'ftp://a', 'http://user:password@a', 'http://a/path', 'a b'])('the address %j', (endpointUrl) => {
    expect(messageOf({ endpointUrl })).toContain('endpointUrl must be an address such as http://localhost:9000');
  });

  test.each(['ab', 'UPPER', 'under_score', '-dash', 'a'.repeat(64)])('the bucket name %j', (bucketName) => {
    expect(messageOf({ bucketName })).toContain('bucketName must be a bucket name');
  });

  test('several faults, all named at once, and no secret', () => {
    const message = messageOf({ accessKey: 7, bucketName: '', bucket: 'x', secretKey: 'very-secret' });
    for (const name of ['accessKey', 'bucketName', 'bucket ']) expect(message).toContain(name);
    expect(message).not.toContain('very-secret');
  });
});

test('a config shows no secret, and makes instances', () => {
  const config = MinioBackend.createConfig({ ...options, name: 'uploads' });
  for (const printed of [inspect(config), JSON.stringify(config)]) {
    expect(printed).not.toContain('very-secret');
  }
  expect(config.create()).toBeInstanceOf(MinioBackend);
  expect(config.create().name).toBe('uploads');
});
