import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type BackendSettings, backendFields } from '../../src/config/backend-options.ts';
import { checkOptions, defineOptions, type OptionsSchema } from '../../src/config/check-options.ts';
import { storageFromEnv } from '../../src/config/environment.ts';
import { count, flag, oneOf, text } from '../../src/config/fields.ts';
import { BackendRegistry } from '../../src/config/registry.ts';
import { either, group, optional } from '../../src/config/structures.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

interface DiskSettings extends BackendSettings {
  readonly basePath: string;
  readonly create: boolean | undefined;
  readonly secretKey: string | undefined;
  readonly versions:
    | false
    | { readonly keep: number | undefined; readonly sub: { readonly deep: number } | undefined }
    | undefined;
}

const schema: OptionsSchema<DiskSettings> = defineOptions({
  backend: 'DiskBackend',
  fields: {
    ...backendFields,
    basePath: text(),
    create: optional(flag()),
    secretKey: optional(text({ secret: true, pattern: /^[a-z0-9/:]+$/ })),
    versions: optional(
      either(oneOf(false), group({ keep: optional(count({ min: 1 })), sub: optional(group({ deep: count() })) })),
    ),
  },
});

class DiskBackend extends MemoryBackend {
  readonly settings: DiskSettings;

  constructor(options: object) {
    super();
    this.settings = checkOptions(schema, options);
  }
}

const registry = new BackendRegistry().register('disk', DiskBackend);

function refusal(env: Readonly<Record<string, string>>): string {
  try {
    storageFromEnv({ env, registry });
  } catch (error) {
    expect(error).toMatchObject({ code: 'InvalidConfig' });
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

async function settingsOf(env: Readonly<Record<string, string>>, name?: string): Promise<DiskSettings> {
  return ((await storageFromEnv({ env, registry }).backend(name)) as unknown as DiskBackend).settings;
}

async function faultsOf(env: Readonly<Record<string, string>>): Promise<string> {
  const error = await storageFromEnv({ env, registry })
    .initialize()
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'InvalidConfig' });
  return (error as Error).message;
}

const disk = { STORAGE_BACKENDS: 'uploads', STORAGE_UPLOADS_TYPE: 'disk', STORAGE_UPLOADS_BASE_PATH: '/srv' };

describe('storageFromEnv', () => {
  it('reads names, types, options and the members of groups, each by the field that it is for', async () => {
    const env = {
      ...disk,
      STORAGE_BACKENDS: 'uploads, archive',
      STORAGE_DEFAULT: 'archive',
      STORAGE_UPLOADS_CREATE: 'true',
      STORAGE_UPLOADS_SECRET_KEY: '12345678',
      STORAGE_UPLOADS_VERSIONS__KEEP: '5',
      STORAGE_UPLOADS_VERSIONS__SUB__DEEP: '7',
      STORAGE_UPLOADS_RETRY: 'false',
      STORAGE_ARCHIVE_TYPE: 'memory',
      STORAGE_DEBUG: '0',
      UPLOADS_BASE_PATH: 'not ours',
    };
    const storage = storageFromEnv({ env, registry });
    expect(storage.names).toEqual(['uploads', 'archive']);
    expect((await storage.backend()).name).toBe('archive');
    expect(await settingsOf(env, 'uploads')).toMatchObject({
      name: 'uploads',
      basePath: '/srv',
      create: true,
      secretKey: '12345678',
      versions: { keep: 5, sub: { deep: 7 } },
      retry: false,
    });
    expect((await settingsOf({ ...disk, STORAGE_UPLOADS_VERSIONS: 'false' })).versions).toBe(false);
  });

  it('reads process.env where no other is given', async () => {
    Object.assign(process.env, { STORAGE_BACKENDS: 'one', STORAGE_ONE_TYPE: 'memory' });
    try {
      expect((await storageFromEnv().backend()).name).toBe('one');
    } finally {
      delete process.env['STORAGE_BACKENDS'];
      delete process.env['STORAGE_ONE_TYPE'];
    }
  });

  it('gives a variable to the backend with the longest name', async () => {
    const env = {
      STORAGE_BACKENDS: 'user,user-files',
      STORAGE_USER_TYPE: 'disk',
      STORAGE_USER_BASE_PATH: '/user',
      STORAGE_USER_FILES_TYPE: 'disk',
      STORAGE_USER_FILES_BASE_PATH: '/user-files',
    };
    expect((await settingsOf(env, 'user')).basePath).toBe('/user');
    expect((await settingsOf(env, 'user-files')).basePath).toBe('/user-files');
  });

  it('reads a URL, with more options beside it', async () => {
    const env = { STORAGE_BACKENDS: 'a', STORAGE_A_URL: 'memory://?bucketName=x', STORAGE_A_CREATE_BUCKET: 'true' };
    expect((await storageFromEnv({ env }).backend('a')).type).toBe('memory');
  });

  it('follows references when a backend is created, not before', async () => {
    const env: Record<string, string> = { ...disk, STORAGE_UPLOADS_SECRET_KEY: 'env:LATE' };
    const storage = storageFromEnv({ env, registry });
    env['LATE'] = 'env:taken/as/it/is';
    expect(((await storage.backend()) as unknown as DiskBackend).settings.secretKey).toBe('env:taken/as/it/is');
  });

  it.each<[why: string, env: Record<string, string>, message: string]>([
    ['no names', {}, 'the environment: STORAGE_BACKENDS is missing'],
    ['empty names', { STORAGE_BACKENDS: ' ' }, 'STORAGE_BACKENDS is empty'],
    ['an empty name', { STORAGE_BACKENDS: 'a,,b', STORAGE_A_TYPE: 'memory', STORAGE_B_TYPE: 'memory' }, 'has ""'],
    ['an impossible name', { STORAGE_BACKENDS: 'a b' }, 'has "a b"'],
    ['a name twice', { STORAGE_BACKENDS: 'a-b,a_b', STORAGE_A_B_TYPE: 'memory' }, 'names a-b and a_b, whose variables'],
    ['no type', { STORAGE_BACKENDS: 'a' }, 'STORAGE_A_TYPE is missing'],
    [
      'a type by a misspelt name',
      { STORAGE_BACKENDS: 'archive', STORAGE_ARCHIV_TYPE: 'memory' },
      'is it meant by STORAGE_ARCHIV_TYPE?',
    ],
    [
      'an empty type',
      { STORAGE_BACKENDS: 'a', STORAGE_A_TYPE: '' },
      'the environment: STORAGE_A_TYPE is empty: give it a value, or remove it',
    ],
    [
      'an unknown type',
      { STORAGE_BACKENDS: 'a', STORAGE_A_TYPE: 'minoi' },
      'STORAGE_A_TYPE: there is no backend type "minoi": did you mean minio?',
    ],
    ['a type and a URL', { STORAGE_BACKENDS: 'a', STORAGE_A_TYPE: 'memory', STORAGE_A_URL: 'memory://' }, 'both set'],
    [
      'an option twice',
      { STORAGE_BACKENDS: 'a', STORAGE_A_URL: 'file:///x', STORAGE_A_BASE_PATH: '/y' },
      'STORAGE_A_BASE_PATH is in STORAGE_A_URL too',
    ],
    [
      'a faulty URL',
      { STORAGE_BACKENDS: 'a', STORAGE_A_URL: 's3://k:hunter2@b/c' },
      'STORAGE_A_URL: the storage URL s3:…',
    ],
    ['an empty URL', { STORAGE_BACKENDS: 'a', STORAGE_A_URL: '' }, 'the environment: STORAGE_A_URL is empty'],
    [
      'an empty option',
      { ...disk, STORAGE_UPLOADS_SECRET_KEY: '' },
      'the environment: STORAGE_UPLOADS_SECRET_KEY is empty',
    ],
    [
      'a group and its member',
      { ...disk, STORAGE_UPLOADS_VERSIONS: 'false', STORAGE_UPLOADS_VERSIONS__KEEP: '5' },
      'STORAGE_UPLOADS_VERSIONS__KEEP is a part of what STORAGE_UPLOADS_VERSIONS sets',
    ],
    [
      'two defaults',
      { ...disk, STORAGE_DEFAULT: 'uploads,archive' },
      'STORAGE_DEFAULT names 2 backends: choose one of uploads',
    ],
    ['an unknown default', { ...disk, STORAGE_DEFAULT: 'upload' }, 'STORAGE_DEFAULT is "upload", which is none'],
  ])('refuses %s', (_, env, message) => {
    const said = refusal(env);
    expect(said).toContain(message);
    expect(said).not.toContain('hunter2');
  });

  it('names every fault of the structure at once', () => {
    expect(
      refusal({ STORAGE_BACKENDS: 'a,b,c', STORAGE_A_TYPE: 'nope', STORAGE_B_TYPE: '', STORAGE_DEFAULT: 'd' }),
    ).toMatch(
      /^createManager: |the environment has 4 faults: .*STORAGE_B_TYPE.*STORAGE_C_TYPE.*STORAGE_A_TYPE.*STORAGE_DEFAULT/,
    );
  });

  it('names every fault of the options of every backend at once, by the variable, and no secret', async () => {
    const message = await faultsOf({
      STORAGE_BACKENDS: 'uploads,archive,third',
      STORAGE_UPLOADS_TYPE: 'disk',
      STORAGE_UPLOADS_BASE_PTH: '/srv',
      STORAGE_UPLOADS_SECRET_KEY: 'HUNTER2-HUNTER2',
      STORAGE_UPLOADS_VERSIONS__KEEP: '0',
      STORAGE_UPLOADS_VERSIONS__KEP: '1',
      STORAGE_ARCHIVE_TYPE: 'disk',
      STORAGE_ARCHIVE_BASE_PATH: 'env:NOT_THERE',
      STORAGE_ARCHIVE_CREATE: 'yes',
      STORAGE_ARCHIVE_SECRET_KEY: 'file:/nowhere/secret',
      STORAGE_THIRD_URL: 'memory://?createBucket=maybe',
    });
    for (const part of [
      'the environment has 9 faults: ',
      'STORAGE_UPLOADS_BASE_PTH is not an option: did you mean STORAGE_UPLOADS_BASE_PATH?',
      'STORAGE_UPLOADS_BASE_PATH is missing: a non-empty string',
      'STORAGE_UPLOADS_SECRET_KEY must be',
      'STORAGE_UPLOADS_VERSIONS__KEEP must be a whole number from 1',
      'STORAGE_UPLOADS_VERSIONS__KEP is not an option: did you mean STORAGE_UPLOADS_VERSIONS__KEEP?',
      'STORAGE_ARCHIVE_BASE_PATH refers to the variable NOT_THERE, which is not set: set it',
      'STORAGE_ARCHIVE_CREATE must be true or false',
      'STORAGE_ARCHIVE_SECRET_KEY refers to /nowhere/secret, which cannot be read (ENOENT)',
      'STORAGE_THIRD_URL: createBucket must be true or false',
    ]) {
      expect(message).toContain(part);
    }
    expect(message).not.toContain('HUNTER2');
  });

  it('prints no secret', async () => {
    const env = { ...disk, STORAGE_UPLOADS_SECRET_KEY: 'hunter2' };
    const storage = storageFromEnv({ env, registry });
    await storage.backend();
    expect(inspect(storage, { showHidden: true, depth: 9 }) + JSON.stringify(storage)).not.toContain('hunter2');
  });
});
