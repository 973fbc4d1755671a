import { describe, expect, it } from 'vitest';
import { checkOptions, defineOptions } from '../../src/config/check-options.ts';
import { count, flag, oneOf, text } from '../../src/config/fields.ts';
import { parseStorageUrl } from '../../src/config/storage-url.ts';
import { either, group, optional } from '../../src/config/structures.ts';
import { isStorageError } from '../../src/errors/storage-error.ts';

function refusal(url: string): string {
  try {
    parseStorageUrl(url);
  } catch (error) {
    if (isStorageError(error) && error.code === 'InvalidConfig') return error.message;
    throw error;
  }
  throw new Error(`${url} was taken`);
}

describe('a storage URL', () => {
  it.each([
    ['file:///srv/files', 'local', { basePath: '/srv/files' }],
    ['file:///srv/a%20b?durability=power', 'local', { basePath: '/srv/a b', durability: 'power' }],
    ['minio://127.0.0.1:9000/uploads', 'minio', { endpointUrl: 'http://127.0.0.1:9000', bucketName: 'uploads' }],
    [
      'minio://key:s%2Fcret@minio.example/uploads/?secure=true&region=eu',
      'minio',
      {
        endpointUrl: 'https://minio.example',
        bucketName: 'uploads',
        accessKey: 'key',
        secretKey: 's/cret',
        secure: 'true',
        region: 'eu',
      },
    ],
    ['s3://my-bucket?region=eu-west-1', 'aws-s3', { bucketName: 'my-bucket', region: 'eu-west-1' }],
    ['s3://AKIA:a%2Bb%2Fc@my-bucket/', 'aws-s3', { bucketName: 'my-bucket', accessKey: 'AKIA', secretKey: 'a+b/c' }],
    [
      'azblob://account:a2V5%3D%3D@resumes?tier=Cool',
      'azure-blob',
      { containerName: 'resumes', accountName: 'account', accountKey: 'a2V5==', tier: 'Cool' },
    ],
    ['memory://', 'memory', {}],
    ['memory:', 'memory', {}],
    ['memory://?bucketName=x', 'memory', { bucketName: 'x' }],
    [
      'file:///x?versions.keep=5&versions.maxAge=1d',
      'local',
      { basePath: '/x', versions: { keep: '5', maxAge: '1d' } },
    ],
  ])('%s', (url, type, options) => {
    const parsed = parseStorageUrl(url);
    expect(parsed.type).toBe(type);
    expect(Object.fromEntries(Object.entries(parsed.options))).toEqual(options);
  });

  it.each([
    ['nonsense', 'not a URL'],
    ['ftp://host/x', 'known are'],
    ['file:./storage', 'absolute folder'],
    ['file://host/share', 'absolute folder'],
    ['file:///a%2Fb', 'no folder'],
    ['minio://host:9000', 'one path segment'],
    ['minio://host:9000/a/b', 'one path segment'],
    ['minio:///bucket', 'host'],
    ['s3:///x', 'name of a bucket'],
    ['s3://bucket/folder', 'prefixed'],
    ['azblob://c/%zz', 'prefixed'],
    ['s3://k:%zz@bucket', 'percent-encoding'],
    ['memory://host', 'no host'],
    ['file:///x?basePath=/y', 'twice'],
    ['file:///x?durability=power&durability=process', 'twice'],
    ['file:///x?versions=false&versions.keep=5', 'twice'],
    ['file:///x?versions.keep=5&versions=false', 'twice'],
  ])('%s is refused: %s', (url, why) => {
    expect(refusal(url)).toContain(why);
  });

  it('never shows a secret, malformed or not', () => {
    for (const url of [
      's3://AKIA:hunter2@bucket/x',
      'minio://k:hun/ter2@host/b/c',
      'ftp://u:hunter2@h',
      'azblob://a:hunter2@h:port',
    ]) {
      expect(refusal(url)).not.toMatch(/hunter2|ter2/);
    }
  });

  it('has its texts read by the fields that they are for', () => {
    const schema = defineOptions({
      backend: 'DemoBackend',
      fields: {
        basePath: text(),
        flag: flag(),
        count: count(),
        password: text(),
        versions: optional(either(oneOf(false), group({ keep: count() }))),
      },
    });
    const url = 'file:///x?flag=true&count=5&password=12345678';
    expect(checkOptions(schema, { ...parseStorageUrl(`${url}&versions=false`).options })).toEqual({
      basePath: '/x',
      flag: true,
      count: 5,
      password: '12345678',
      versions: false,
    });
    expect(checkOptions(schema, parseStorageUrl(`${url}&versions.keep=7`).options).versions).toEqual({ keep: 7 });
    expect(() => checkOptions(schema, parseStorageUrl('file:///x?flag=yes&count=5&password=x').options)).toThrow(
      'flag must be true or false',
    );
    expect(() => checkOptions(schema, { basePath: '/x', flag: 'true', count: 5, password: 'x' })).toThrow(
      'flag must be',
    );
  });
});
