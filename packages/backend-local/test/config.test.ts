import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { BackendRegistry, isStorageBackend, isStorageError, StorageManager } from '@storage/core';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { LocalBackend, type LocalOptions } from '../src/index.ts';
import { filesBelow, temporaryFolder } from './store.ts';
import { mountTmpfs } from './tmpfs.ts';

const urlKey = 'the secret that signs URLs of this test';
let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

/** The error of both ways to give options; they must agree. */
function faultOf(options: unknown): { readonly code: string; readonly message: string; readonly shown: string } {
  const [first, second] = [
    () => new LocalBackend(options as LocalOptions),
    () => LocalBackend.createConfig({ ...(options as LocalOptions), name: 'uploads' }),
  ].map((make) => {
    try {
      make();
    } catch (error) {
      if (isStorageError(error)) return error;
      throw error;
    }
    throw new Error('the options were accepted');
  });
  expect(second?.code).toBe(first?.code);
  expect(second?.message.replace(' on "uploads"', '')).toBe(first?.message.replace(' on "local"', ''));
  const shown = [first, second]
    .map((error) => `${inspect(error)} ${JSON.stringify(error)} ${error?.stack ?? ''}`)
    .join();
  return { code: first?.code ?? '', message: first?.message ?? '', shown };
}

describe('options', () => {
  test('every fault is named at once, and no secret', () => {
    const { code, message, shown } = faultOf({
      basePath: '',
      create: 'yes',
      versions: { keep: 0, maxAge: 'soon', kept: 3 },
      durability: 'fast',
      publicUrl: 'ftp://files.example.com',
      urlKey: 'too-short',
      retry: { attempts: 0 },
      timeoutMs: -1,
    });
    expect(code).toBe('InvalidConfig');
    for (const path of ['basePath', 'create', 'durability', 'publicUrl', 'urlKey', 'retry', 'timeoutMs', 'versions']) {
      expect(message).toContain(path);
    }
    expect(shown).not.toContain('too-short');
  });

  test('faults of a group are named by their path', () => {
    const { message } = faultOf({ basePath: folder, versions: { keep: -1, maxAge: '30 moons' } });
    expect(message).toContain('versions.keep');
    expect(message).toContain('versions.maxAge');
  });

  test.each([
    ['basepath', 'basePath'],
    ['versoins', 'versions'],
    ['durabilty', 'durability'],
    ['publicURL', 'publicUrl'],
    ['urlkey', 'urlKey'],
  ])('the unknown option %s is refused: did you mean %s?', (given, meant) => {
    const { code, message } = faultOf({ basePath: folder, [given]: 'x'.repeat(20) });
    expect(code).toBe('InvalidConfig');
    expect(message).toContain(`did you mean ${meant}`);
  });

  test.each([
    ['nothing', undefined],
    ['a path alone', '/srv/files'],
    ['no basePath', {}],
    ['a number', { basePath: 5 }],
    ['a URL', { basePath: new URL('file:///srv') }],
    ['a path with a NUL', { basePath: 'a\0b' }],
  ])('%s is refused', (_, options) => {
    expect(() => new LocalBackend(options as LocalOptions)).toThrow(expect.objectContaining({ code: 'InvalidConfig' }));
  });

  test('a constructor and a config touch no file', async () => {
    const basePath = join(folder, 'store');
    expect(new LocalBackend({ basePath }).name).toBe('local');
    LocalBackend.createConfig({ name: 'uploads', basePath }).create();
    expect(await readdir(folder)).toEqual([]);
  });

  test('a relative basePath is the one of the moment of the constructor', async () => {
    const before = process.cwd();
    const basePath = relative(before, join(folder, 'store'));
    const backend = new LocalBackend({ basePath });
    process.chdir(await temporaryFolder());
    try {
      await backend.save('key', 'text');
      expect(await backend.native()).toBe(join(folder, 'store'));
      expect(await readdir(process.cwd())).toEqual([]);
    } finally {
      process.chdir(before);
    }
    expect(await readFile(join(folder, 'store/data/key'), 'utf8')).toBe('text');
  });
});

describe('secrets', () => {
  test('are not shown by a config, a backend or an error', async () => {
    const config = LocalBackend.createConfig({ name: 'uploads', basePath: folder, urlKey });
    const backend = config.create();
    const error: unknown = await backend.retrieve('missing').catch((reason: unknown) => reason);
    const printed = [config, backend, error].map((each) => `${inspect(each, { depth: 9 })} ${JSON.stringify(each)}`);
    for (const text of printed) expect(text).not.toContain(urlKey);
    expect(JSON.stringify(config)).toContain('[redacted]');
    expect(config.options).toMatchObject({ urlKey });
  });
});

/** Everything that a backend does, each of which must refuse. */
const uses: Readonly<Record<string, (backend: LocalBackend) => Promise<unknown>>> = {
  initialize: (backend) => backend.initialize(),
  save: (backend) => backend.save('key', 'text'),
  'save of a stream': (backend) =>
    backend.save(
      'a/key',
      (async function* () {
        yield Buffer.from('text');
      })(),
    ),
  retrieve: (backend) => backend.retrieve('key'),
  exists: (backend) => backend.exists('key'),
  getMetadata: (backend) => backend.getMetadata('key'),
  listFiles: (backend) => backend.listFiles(),
  delete: (backend) => backend.delete('key'),
  copy: (backend) => backend.copy('key', 'other'),
  updateMetadata: (backend) => backend.updateMetadata('key', { a: 'b' }),
  createUpload: (backend) => backend.createUpload('key'),
  getVersions: (backend) => backend.getVersions('key'),
  sweep: (backend) => backend.sweep(),
};
const writes = ['initialize', 'save', 'save of a stream', 'createUpload'];

describe('a basePath that is no folder', () => {
  test.each(Object.entries(uses))('a file: %s rejects InvalidConfig, and the file stays', async (_, use) => {
    const basePath = join(folder, 'file');
    await writeFile(basePath, 'precious');
    await expect(use(new LocalBackend({ basePath }))).rejects.toMatchObject({
      code: 'InvalidConfig',
      retryable: 'no',
      message: expect.stringContaining('is no folder') as string,
    });
    expect(await readFile(basePath, 'utf8')).toBe('precious');
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('a file: it is not healthy', async () => {
    const basePath = join(folder, 'file');
    await writeFile(basePath, 'precious');
    const health = await new LocalBackend({ basePath }).healthCheck();
    expect(health).toMatchObject({ healthy: false, error: { code: 'InvalidConfig' } });
  });

  test.each(writes)('below a file: %s rejects InvalidConfig', async (name) => {
    await writeFile(join(folder, 'file'), 'precious');
    const backend = new LocalBackend({ basePath: join(folder, 'file/store') });
    await expect(uses[name]?.(backend)).rejects.toMatchObject({ code: 'InvalidConfig' });
    expect(await filesBelow(folder)).toEqual([join(folder, 'file')]);
  });

  describe.skipIf(process.platform === 'win32')('a symbolic link', () => {
    test('to a folder is followed: it is the choice of who configures it', async () => {
      await mkdir(join(folder, 'real'));
      await symlink(join(folder, 'real'), join(folder, 'link'));
      const backend = new LocalBackend({ basePath: join(folder, 'link') });
      await backend.save('key', 'text');
      expect(await readFile(join(folder, 'real/data/key'), 'utf8')).toBe('text');
    });

    test.each(['initialize', 'save', 'retrieve', 'listFiles'])('to nothing: %s rejects InvalidConfig', async (name) => {
      await symlink(join(folder, 'nowhere'), join(folder, 'link'));
      const backend = new LocalBackend({ basePath: join(folder, 'link') });
      await expect(uses[name]?.(backend)).rejects.toMatchObject({ code: 'InvalidConfig' });
      expect(await readdir(folder)).toEqual(['link']);
    });

    test.each(['data', 'metadata', 'versions', 'private'])('in the place of %s is refused', async (name) => {
      const basePath = join(folder, 'store');
      await mkdir(basePath);
      await mkdir(join(folder, 'elsewhere'));
      await symlink(join(folder, 'elsewhere'), join(basePath, name));
      for (const use of [uses['initialize'], uses['save'], uses['listFiles']]) {
        await expect(use?.(new LocalBackend({ basePath }))).rejects.toMatchObject({ code: 'InvalidConfig' });
      }
      expect(await readdir(join(folder, 'elsewhere'))).toEqual([]);
    });
  });

  test('a file in the place of data is refused', async () => {
    const basePath = join(folder, 'store');
    await mkdir(basePath);
    await writeFile(join(basePath, 'data'), 'precious');
    await expect(new LocalBackend({ basePath }).save('key', 'text')).rejects.toMatchObject({ code: 'InvalidConfig' });
    expect(await readFile(join(basePath, 'data'), 'utf8')).toBe('precious');
  });

  test.each(Object.entries(uses))('none, with create: false: %s rejects BucketNotFound', async (_, use) => {
    const backend = new LocalBackend({ basePath: join(folder, 'store'), create: false });
    await expect(use(backend)).rejects.toMatchObject({ code: 'BucketNotFound' });
    expect(await readdir(folder)).toEqual([]);
  });
});

const disk = await mountTmpfs('what a read-only disk refuses', 8);
afterAll(async () => {
  if (!('skipped' in disk)) await disk.unmount();
});

describe.skipIf('skipped' in disk)('a basePath that cannot be written', () => {
  const mounted = 'skipped' in disk ? '' : disk.folder;
  const basePath = join(mounted, 'store');
  const changing: typeof uses = {
    ...uses,
    'a save of a new key': (backend) => backend.save('new/key', 'text'),
    move: (backend) => backend.move('key', 'other'),
    update: (backend) => backend.update('key', () => 'x'),
    'an upload in parts': (backend) => backend.createUpload('key'),
  };
  const reading = ['retrieve', 'exists', 'getMetadata', 'listFiles', 'getVersions'];

  test('refuses every change, typed, and serves every read', async () => {
    if ('skipped' in disk) throw new Error(disk.skipped);
    const before = new LocalBackend({ basePath });
    await before.save('key', 'earlier');
    await before.save('key', 'text', { metadata: { is: 'there' } });
    await before.close();
    await disk.makeReadOnly();
    const files = await filesBelow(basePath);

    for (const [name, use] of Object.entries(changing)) {
      const backend = new LocalBackend({ basePath });
      if (reading.includes(name)) continue;
      await expect(use(backend), name).rejects.toMatchObject({
        code: 'PermissionDenied',
        providerCode: 'EROFS',
        retryable: 'no',
      });
    }
    const backend = new LocalBackend({ basePath });
    const file = await backend.retrieve('key');
    expect([file.metadata, await file.text()]).toEqual([{ is: 'there' }, 'text']);
    for (const name of reading) await expect(uses[name]?.(backend), name).resolves.toBeDefined();
    expect(await backend.getVersions('key')).toHaveLength(2);
    expect(await backend.healthCheck()).toMatchObject({ healthy: false, error: { code: 'PermissionDenied' } });
    await backend.close();
    expect(await filesBelow(basePath)).toEqual(files);

    // Nor can one be made there.
    const below = new LocalBackend({ basePath: join(mounted, 'new') });
    for (const name of writes)
      await expect(uses[name]?.(below), name).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});

describe.skipIf(process.platform === 'win32')('a basePath without the right to write', () => {
  const nobody = 65_534;

  test('refuses changes', async () => {
    await chmod(folder, 0o555);
    // Root may write wherever the disk can be written.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(nobody);
    try {
      const backend = new LocalBackend({ basePath: folder });
      for (const name of writes) {
        await expect(uses[name]?.(backend), name).rejects.toMatchObject({ code: 'PermissionDenied' });
      }
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(folder, 0o755);
    }
  });
});

describe('from configuration to files', () => {
  test('a config makes backends of its name, each time a new one, and does not change with its options', async () => {
    const options = { name: 'uploads', basePath: folder, versions: { keep: 3 } };
    const config = LocalBackend.createConfig(options);
    options.basePath = '/elsewhere';
    options.versions.keep = 0;
    const [first, second] = [config.create(), config.create()];
    expect(first).not.toBe(second);
    expect([first.name, config.type]).toEqual(['uploads', 'local']);
    await first.save('key', 'text');
    expect(await (await second.retrieve('key')).text()).toBe('text');
    expect(await readdir(join(folder, 'data'))).toEqual(['key']);
  });

  test('a registry loads the class by its type', async () => {
    const Backend = await new BackendRegistry({ from: import.meta.url }).load('local');
    expect(Backend.name).toBe('LocalBackend');
    const backend = new Backend({ basePath: folder } as never);
    expect(isStorageBackend(backend)).toBe(true);
    await backend.save('key', 'text');
    expect(await readFile(join(folder, 'data/key'), 'utf8')).toBe('text');
  });

  test('a URL is a configuration, with options in its query', async () => {
    const registry = new BackendRegistry({ from: import.meta.url });
    const url = new URL(`${pathToFileURL(join(folder, 'a b ü')).href}?durability=power&versions.keep=2&name=files`);
    const backend = await registry.create(url.href);
    expect([backend.name, backend.capabilities.durability]).toEqual(['files', 'power']);
    for (const text of ['1', '2', '3', '4', '5']) await backend.save('key', text);
    expect(await backend.getVersions('key')).toHaveLength(3);
    expect(await readFile(join(folder, 'a b ü/data/key'), 'utf8')).toBe('5');

    const without = await registry.create(`${pathToFileURL(folder).href}?versions=false`);
    expect(without.capabilities.versions).toBe(false);
  });

  test('faults in a URL are named at once, and its secret is not', async () => {
    const registry = new BackendRegistry({ from: import.meta.url });
    const url = `${pathToFileURL(folder).href}?durability=fast&versions.keep=none&urlKey=tooshort&basepth=x`;
    const error: unknown = await registry.create(url).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'InvalidConfig' });
    const shown = inspect(error);
    for (const name of ['durability', 'versions.keep', 'urlKey', 'did you mean basePath'])
      expect(shown).toContain(name);
    expect(shown).not.toContain('tooshort');
  });

  test('a manager holds local backends by name, and closes them', async () => {
    const manager = new StorageManager({
      backends: {
        uploads: LocalBackend.createConfig({ name: 'uploads', basePath: join(folder, 'uploads') }),
        archive: pathToFileURL(join(folder, 'archive')).href,
        plain: { type: 'local', basePath: join(folder, 'plain') },
      },
      default: 'uploads',
      registry: new BackendRegistry({ from: import.meta.url }),
    });
    const uploads: LocalBackend = await manager.backend();
    expect(uploads).toBeInstanceOf(LocalBackend);
    await uploads.save('key', 'uploads');
    for (const name of ['archive', 'plain'] as const) await (await manager.backend(name)).save('key', name);
    for (const name of manager.names) expect(await readFile(join(folder, name, 'data/key'), 'utf8')).toBe(name);
    await manager.close();
    await expect(uploads.save('key', 'late')).rejects.toMatchObject({ code: 'Closed' });
    expect(await readdir(join(folder, 'uploads/private/staging'))).toEqual([]);
  });

  test('folders on the way to basePath are made with the first write, not before', async () => {
    const basePath = join(folder, 'deep/er/store');
    const backend = new LocalBackend({ basePath });
    expect(await backend.listFiles()).toEqual([]);
    expect(await backend.exists('key')).toBe(false);
    expect(await readdir(folder)).toEqual([]);
    await backend.save('key', 'text');
    expect((await readdir(basePath)).sort()).toEqual(['data', 'metadata', 'private', 'versions']);
    expect(dirname(basePath)).toBe(join(folder, 'deep/er'));
  });
});
