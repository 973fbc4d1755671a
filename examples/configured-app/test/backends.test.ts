import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Skipped } from '@storage/conformance-tests/servers';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runApp } from './run-app.ts';

type Environment = Readonly<Record<string, string>>;
type Block = (name: string) => Environment | Skipped;

const minio = inject('minio');
const azurite = inject('azurite');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'configured-app-'));
  // The application's own packages, as the folder that it is started in sees them.
  await symlink(join(import.meta.dirname, '..', 'node_modules'), join(folder, 'node_modules'), 'junction');
});

afterAll(() => rm(folder, { recursive: true }));

const blocks: Readonly<Record<string, Block>> = {
  local: (name) => ({ [`STORAGE_${name}_TYPE`]: 'local', [`STORAGE_${name}_BASE_PATH`]: `./${name}` }),
  minio: (name) =>
    'skipped' in minio
      ? minio
      : {
          [`STORAGE_${name}_TYPE`]: 'minio',
          [`STORAGE_${name}_ENDPOINT_URL`]: minio.endpointUrl,
          [`STORAGE_${name}_ACCESS_KEY`]: minio.accessKey,
          [`STORAGE_${name}_SECRET_KEY`]: 'env:MINIO_SECRET',
          [`STORAGE_${name}_BUCKET_NAME`]: 'configured-app',
          [`STORAGE_${name}_CREATE_BUCKET`]: 'true',
          MINIO_SECRET: minio.secretKey,
        },
  // Another service that speaks S3, through the backend for AWS.
  'aws-s3': (name) =>
    'skipped' in minio
      ? minio
      : {
          [`STORAGE_${name}_TYPE`]: 'aws-s3',
          [`STORAGE_${name}_ENDPOINT_URL`]: minio.endpointUrl,
          [`STORAGE_${name}_REGION`]: 'us-east-1',
          [`STORAGE_${name}_ACCESS_KEY`]: minio.accessKey,
          [`STORAGE_${name}_SECRET_KEY`]: 'env:MINIO_SECRET',
          [`STORAGE_${name}_BUCKET_NAME`]: 'configured-app',
          [`STORAGE_${name}_CREATE_BUCKET`]: 'true',
          MINIO_SECRET: minio.secretKey,
        },
  'azure-blob': (name) =>
    'skipped' in azurite
      ? azurite
      : {
          [`STORAGE_${name}_TYPE`]: 'azure-blob',
          [`STORAGE_${name}_ENDPOINT_URL`]: azurite.endpointUrl,
          [`STORAGE_${name}_ACCOUNT_NAME`]: azurite.accountName,
          [`STORAGE_${name}_ACCOUNT_KEY`]: 'file:account-key',
          [`STORAGE_${name}_CONTAINER_NAME`]: 'configured-app',
          [`STORAGE_${name}_CREATE_CONTAINER`]: 'true',
        },
};

/** The variables of a backend, or why it is not here. */
function blockOf(type: string, name: string, skip: (why: string) => never): Environment {
  const block: Environment = { ...blocks[type]?.(name) };
  return typeof block['skipped'] === 'string' ? skip(block['skipped']) : block;
}

test.for([
  ['local', 'local'],
  ['minio', 'minio'],
  ['aws-s3', 'aws-s3'],
  ['azure-blob', 'azure-blob'],
  ['local', 'minio'],
  ['minio', 'azure-blob'],
] as const)('uploads on %s, archive on %s, by the environment alone', async ([uploads, archive], { skip }) => {
  const env = {
    STORAGE_BACKENDS: 'uploads,archive',
    STORAGE_DEFAULT: 'uploads',
    ...blockOf(uploads, 'UPLOADS', skip),
    ...blockOf(archive, 'ARCHIVE', skip),
  };
  if (!('skipped' in azurite)) await writeFile(join(folder, 'account-key'), `${azurite.accountKey}\n`);
  const { filed, error } = await runApp(folder, env);
  expect(error).toBe('');
  expect(filed).toMatchObject({
    healthy: true,
    backends: { uploads, archive },
    report: 'Rain.',
    author: 'Ada',
    archived: [expect.stringMatching(/^archive\/reports\/.*\.txt$/)],
  });
});

test.for([
  ['storage.config.yaml', 'backends:\n  uploads: { type: local, basePath: ./yaml }\n'],
  ['storage.config.json', '{ "backends": { "uploads": { "type": "local", "basePath": "./json" } } }'],
  [
    'storage.config.ts',
    `const basePath: string = './ts';\nexport default { backends: { uploads: { type: 'local', basePath } } };`,
  ],
] as const)('or by %s', async ([name, text]) => {
  await writeFile(join(folder, name), text);
  try {
    const { filed, error } = await runApp(folder, {});
    expect(error).toBe('');
    expect(filed).toMatchObject({ backends: { uploads: 'local' }, report: 'Rain.' });
  } finally {
    await rm(join(folder, name));
  }
});

test('a faulty environment is told in one message, with every variable at fault and no secret', async () => {
  const { filed, error } = await runApp(folder, {
    STORAGE_BACKENDS: 'uploads,archive,disk',
    STORAGE_DEFAULT: 'uploads',
    STORAGE_UPLOADS_TYPE: 'minio',
    STORAGE_UPLOADS_ENDPOINT_URL: 'localhost:9000',
    STORAGE_UPLOADS_ACCESS_KEY: 'key',
    STORAGE_UPLOADS_SECRET_KEY: 'env:NOT_SET',
    STORAGE_UPLOADS_BUCKET: 'uploads',
    STORAGE_ARCHIVE_TYPE: 'azure-blob',
    STORAGE_ARCHIVE_ACCOUNT_NAME: 'hello',
    STORAGE_ARCHIVE_ACCOUNT_KEY: 'hunter2',
    STORAGE_ARCHIVE_CONTAINER_NAME: 'uploads',
    STORAGE_DISK_TYPE: 'local',
    STORAGE_DISK_BASE_PATH: './disk',
    STORAGE_DISK_VERSIONS__KEEP: 'many',
  });
  expect(filed).toBeUndefined();
  for (const part of [
    'InvalidConfig: the environment has 5 faults: ',
    'STORAGE_UPLOADS_SECRET_KEY refers to the variable NOT_SET, which is not set: set it',
    'STORAGE_UPLOADS_BUCKET is not an option',
    'STORAGE_UPLOADS_BUCKET_NAME is missing',
    'STORAGE_ARCHIVE_ACCOUNT_KEY must be an account key',
    'STORAGE_DISK_VERSIONS__KEEP must be a whole number from 1',
  ]) {
    expect(error).toContain(part);
  }
  expect(error).not.toContain('hunter2');
});
