import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whyNotDirect } from '../src/direct/why-not.ts';
import type { S3DriverOptions } from '../src/index.ts';

const nothing = '/dev/null';
beforeEach(() => {
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, nothing);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const ask = (more: Partial<S3DriverOptions> = {}, region = 'eu-west-1'): Promise<string | undefined> =>
  whyNotDirect(
    { bucketName: 'bucket', client: { useArnRegion: true, profile: 'p' }, ...more } as S3DriverOptions,
    region,
  );

test.each(['us-east-1', 'ap-southeast-5', 'us-gov-west-1', 'cn-northwest-1', 'mx-central-1', 'il-central-1'])(
  'a plain bucket in %s goes direct',
  async (region) => {
    expect(await ask({}, region)).toBeUndefined();
    expect(await ask({ bucketName: 'with.dots' }, region)).toBeUndefined();
    expect(await ask({ bucketName: 'access-point-abc-s3alias' }, region)).toBeUndefined();
    expect(await ask({ client: { useFipsEndpoint: false } }, region)).toBeUndefined();
  },
);

test.each([
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'eusc-de-east-1',
  'fips-us-east-1',
  'us-east-1-fips',
  'x',
])('a bucket in %s, whose address is another, does not', async (region) => {
  expect(await ask({}, region)).toContain(region);
  expect(await ask({ endpointUrl: 'https://s3.example.com' }, region)).toBeUndefined();
});

test.each<Partial<S3DriverOptions>>([
  { bucketName: 'arn:aws:s3:eu-west-1:123456789012:accesspoint/mine' },
  { bucketName: 'mine--euw1-az1--x-s3' },
  { bucketName: 'mine--op-s3' },
  { bucketName: 'mine.mrap' },
  { client: { useAccelerateEndpoint: true } },
  { client: { useDualstackEndpoint: true } },
  { client: { useFipsEndpoint: true } },
  { client: { requestHandler: {} } },
])('%j does not', async (more) => {
  expect(await ask(more)).toBeDefined();
});

test.each(['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'])(
  'what %s changes does not',
  async (name) => {
    vi.stubEnv(name, 'x');
    expect(await ask()).toContain('environment');
    expect(await ask({ endpointUrl: 'https://s3.example.com' })).toBeUndefined();
  },
);

test.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'])('what a file of %s changes does not', async (name) => {
  const file = join(await mkdtemp(join(tmpdir(), 'aws-')), 'config');
  vi.stubEnv(name, file);
  await writeFile(file, '[default]\nregion = eu-west-1\n');
  expect(await ask()).toBeUndefined();
  for (const line of ['endpoint_url = http://localhost', 'use_fips_endpoint=true', 'use_dualstack_endpoint = true']) {
    await writeFile(file, `[default]\n${line}\n`);
    expect(await ask(), line).toContain('configuration file');
  }
});
