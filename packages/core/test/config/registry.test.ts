import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isStorageBackend, StorageBackend } from '../../src/backend.ts';
import { installLine } from '../../src/config/package-manager.ts';
import { BackendRegistry } from '../../src/config/registry.ts';
import { resolvePackage } from '../../src/config/resolve-package.ts';
import type { StorageError } from '../../src/errors/storage-error.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

let root: string;

/** A folder of an application, with files. */
async function application(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

function packageFiles(name: string, source: string): Record<string, string> {
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({
      name,
      type: 'module',
      exports: { '.': { default: './index.js' } },
    }),
    [`node_modules/${name}/index.js`]: source,
  };
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'storage-registry-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('BackendRegistry', () => {
  it('knows the types of the design, by their aliases too', async () => {
    const registry = new BackendRegistry();
    expect([...registry.types].sort()).toEqual(['aws-s3', 'azure-blob', 'local', 'memory', 'minio']);
    expect(await registry.load('memory')).toBe(MemoryBackend);
    const S3 = class extends MemoryBackend {};
    registry.register('aws-s3', S3);
    expect(await registry.load('aws_s3')).toBe(S3);
    registry.register('azure_blob', S3);
    expect(await registry.load('azure-blob')).toBe(S3);
  });

  it('loads a known package as the application sees it', async () => {
    const source = 'export class LocalBackend { save() {} retrieve() {} where() { return "application"; } }';
    const from = await application('with-local', packageFiles('@storage/backend-local', source));
    for (const place of [from, join(from, 'storage.config.js'), pathToFileURL(join(from, 'app.js'))]) {
      const Local = await new BackendRegistry({ from: place }).load('local');
      expect(Object.getOwnPropertyNames(Local.prototype)).toContain('where');
    }
  });

  it('says where it looked for a package that is not there, and how to install it', async () => {
    const from = await application('without', { 'package.json': '{}', 'pnpm-lock.yaml': '' });
    const error = await errorOfLoading('aws-s3', from);
    expect(error).toMatchObject({ code: 'BackendNotInstalled', operation: 'load', retryable: 'no' });
    expect(error.message).toContain(from);
    expect(error.message).toContain(tmpdir());
    expect(error.message).toMatch(/pnpm add @storage\/backend-aws-s3$/);
  });

  it('tells a package that is broken from one that is missing, and tries again', async () => {
    const files = packageFiles('@storage/backend-minio', 'throw new Error("no SDK")');
    const from = await application('broken', files);
    const registry = new BackendRegistry({ from });
    await expect(registry.load('minio')).rejects.toMatchObject({
      code: 'BackendNotInstalled',
      message: expect.stringContaining('could not be loaded: no SDK'),
      cause: expect.objectContaining({ message: 'no SDK' }),
    });
  });

  it('refuses a package that has no such class', async () => {
    const from = await application(
      'other',
      packageFiles('@storage/backend-local', 'export const LocalBackend = class {};'),
    );
    await expect(new BackendRegistry({ from }).load('local')).rejects.toMatchObject({ code: 'InvalidConfig' });
  });

  it('lists the known types for an unknown one, and the one that was probably meant', async () => {
    const registry = new BackendRegistry();
    await expect(registry.load('ftp')).rejects.toMatchObject({
      code: 'InvalidConfig',
      message: expect.stringContaining('known are memory, local, minio, aws-s3, azure-blob'),
    });
    await expect(registry.load('minoi')).rejects.toThrow('did you mean minio?');
    await expect(registry.load(undefined as never)).rejects.toMatchObject({ code: 'InvalidConfig' });
    await expect(registry.load('__proto__')).rejects.toMatchObject({ code: 'InvalidConfig' });
  });

  it('loads once for calls at the same time, and again after a failure', async () => {
    const loader = vi.fn<() => Promise<typeof MemoryBackend>>(async () => MemoryBackend);
    loader.mockRejectedValueOnce(new Error('offline'));
    const registry = new BackendRegistry().register('gcs', loader);
    const [first, second] = await Promise.allSettled([registry.load('gcs'), registry.load('gcs')]);
    expect([first.status, second.status]).toEqual(['rejected', 'rejected']);
    expect(loader).toHaveBeenCalledTimes(1);
    expect(await Promise.all([registry.load('gcs'), registry.load('gcs'), registry.load('gcs')])).toEqual([
      MemoryBackend,
      MemoryBackend,
      MemoryBackend,
    ]);
    expect(loader).toHaveBeenCalledTimes(2);
  });

  it('registers a class, or a function that loads one', async () => {
    const registry = new BackendRegistry().register('mine', MemoryBackend).register('late', () => MemoryBackend);
    expect(await registry.load('mine')).toBe(MemoryBackend);
    expect(await registry.load('late')).toBe(MemoryBackend);
    expect(registry.types).toContain('mine');
  });

  it.each([
    ['', MemoryBackend],
    ['My Store', MemoryBackend],
    [7, MemoryBackend],
    ['ok', {}],
    ['ok', undefined],
  ])('does not register %j with %j', (type, backend) => {
    expect(() => new BackendRegistry().register(type as string, backend as never)).toThrow(
      expect.objectContaining({ code: 'InvalidArgument' }),
    );
  });

  it('creates from a config, a URL, and a type with options', async () => {
    const registry = new BackendRegistry();
    const typed: MemoryBackend = await registry.create(MemoryBackend.createConfig({ name: 'one' }));
    expect(typed).toBeInstanceOf(MemoryBackend);
    const fromUrl: StorageBackend = await registry.create('memory://?name=two&createBucket=true');
    expect(fromUrl.name).toBe('two');
    const fromType = await registry.create({ type: 'memory', name: 'three' });
    expect([isStorageBackend(fromType), fromType.name]).toEqual([true, 'three']);
  });

  it.each([
    [undefined],
    [null],
    [7],
    [[]],
    [{}],
    [{ type: '' }],
    [{ type: 7 }],
    ['memory'],
    [{ type: 'memory', nope: 1 }],
  ])('creates nothing from %j', async (source) => {
    await expect(new BackendRegistry().create(source as never)).rejects.toMatchObject({ code: 'InvalidConfig' });
  });
});

describe('resolvePackage', () => {
  it('asks each folder in turn', async () => {
    const empty = await application('empty', { 'package.json': '{}' });
    const full = await application('full', packageFiles('some-package', 'export {}'));
    expect(resolvePackage('some-package', [empty, full])).toEqual({
      url: pathToFileURL(join(full, 'node_modules/some-package/index.js')).href,
    });
    expect(resolvePackage('some-package', [empty])).toEqual({ lookedIn: [empty] });
  });
});

describe('installLine', () => {
  it.each([
    ['pnpm-lock.yaml', 'pnpm add x'],
    ['yarn.lock', 'yarn add x'],
    ['bun.lock', 'bun add x'],
    ['bun.lockb', 'bun add x'],
    ['package-lock.json', 'npm install x'],
  ])('by %s', async (file, line) => {
    const folder = await application(`lock-${file}`, { [file]: '', 'deep/er/package.json': '{}' });
    expect(installLine('x', join(folder, 'deep/er'), 'npm/10.0.0')).toBe(line);
  });

  it('by the package manager that is running, else npm', async () => {
    const folder = await application('no-lock', { 'package.json': '{}' });
    expect(installLine('x', folder, 'yarn/4.0.0 npm/? node/v24')).toBe('yarn add x');
    expect(installLine('x', folder, 'pnpm/12.0.0 npm/? node/v24')).toBe('pnpm add x');
    expect(installLine('x', folder, 'deno/2')).toBe('npm install x');
    expect(installLine('x', folder, '')).toBe('npm install x');
  });
});

/** How the load of a backend's package fails, in a process that does not see the packages of this workspace, as pnpm's NODE_PATH lets others. */
async function errorOfLoading(type: string, from: string): Promise<Pick<StorageError, 'code' | 'message'>> {
  const registry = new URL('../../src/config/registry.ts', import.meta.url).href;
  const program = `
    const { BackendRegistry } = await import(${JSON.stringify(registry)});
    const error = await new BackendRegistry({ from: ${JSON.stringify(from)} }).load(${JSON.stringify(type)}).catch((reason) => reason);
    const { code, operation, retryable, message } = error;
    console.log(JSON.stringify({ code, operation, retryable, message }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: tmpdir(),
    env: { ...process.env, NODE_PATH: '' },
  });
  return JSON.parse(stdout) as Pick<StorageError, 'code' | 'message'>;
}
