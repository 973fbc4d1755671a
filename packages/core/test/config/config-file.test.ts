import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { StorageBackend } from '../../src/backend.ts';
import { storageFromFile } from '../../src/config/config-file.ts';
import { defineStorage } from '../../src/config/define-storage.ts';
import { loadStorage } from '../../src/config/load-storage.ts';
import { StorageManager } from '../../src/config/manager.ts';
import { isStorageError } from '../../src/errors/storage-error.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

let root: string;
let folders = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'storage-config-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** A folder with files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  folders += 1;
  const folder = join(root, String(folders));
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** What is said of the only file of a folder; everything that the error prints is searched for the secret. */
async function refusal(files: Readonly<Record<string, string>>, env: Record<string, string> = {}): Promise<string> {
  const cwd = await folderWith(files);
  const error = await storageFromFile({ cwd, env })
    .then(
      (storage) => storage.initialize(),
      (reason: unknown) => reason,
    )
    .catch((reason: unknown) => reason);
  if (!isStorageError(error)) throw new Error(`it was taken, or threw ${String(error)}`);
  expect(error.code).toBe('InvalidConfig');
  expect(inspect(error) + JSON.stringify(error)).not.toContain('hunter2');
  return error.message;
}

const memory = `{ "backends": { "uploads": { "type": "memory" }, "cache": "memory://" }, "default": "cache" }`;

describe('storageFromFile', () => {
  it.each([
    [
      'storage.config.ts',
      `const backends: Record<string, unknown> = { uploads: { type: 'memory' }, cache: 'memory://' };\nexport default { backends, default: 'cache' };`,
    ],
    ['storage.config.js', `export default ${memory}`],
    ['storage.config.json', memory],
    ['storage.config.yaml', 'backends:\n  uploads: { type: memory }\n  cache: memory://\ndefault: cache\n'],
    ['storage.config.yml', 'backends: { uploads: { type: memory }, cache: "memory://" }\ndefault: cache\n'],
  ])('reads %s, from a folder above too', async (name, text) => {
    const cwd = await folderWith({ [name]: text, 'deep/er/file': '' });
    for (const options of [{ cwd }, { cwd: join(cwd, 'deep/er') }, { file: join(cwd, name) }, { cwd, file: name }]) {
      await using storage = await storageFromFile({ ...options, env: {} });
      expectTypeOf(await storage.backend('uploads')).toEqualTypeOf<StorageBackend>();
      expect(storage.names).toEqual(['uploads', 'cache']);
      expect((await storage.backend()).name).toBe('cache');
    }
  });

  it('takes the nearest folder that has one', async () => {
    const cwd = await folderWith({
      'storage.config.json': memory,
      'app/storage.config.json': '{ "backends": { "near": "memory:" } }',
    });
    expect((await storageFromFile({ cwd: join(cwd, 'app') })).names).toEqual(['near']);
  });

  it('finds backends as the folder of the file sees them', async () => {
    const cwd = await folderWith({
      'storage.config.yaml': 'backends: { disk: { type: local } }',
      'node_modules/@storage/backend-local/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/@storage/backend-local/index.js':
        'export class LocalBackend { name = "theirs"; save() {} retrieve() {} }',
    });
    expect((await (await storageFromFile({ cwd })).backend('disk')).name).toBe('theirs');
  });

  it('takes the default of STORAGE_DEFAULT where the file has none', async () => {
    const cwd = await folderWith({ 'storage.config.json': '{ "backends": { "a": "memory:", "b": "memory:" } }' });
    expect((await (await storageFromFile({ cwd, env: { STORAGE_DEFAULT: 'b' } })).backend()).name).toBe('b');
  });

  it.each<[why: string, files: Record<string, string>, message: string | RegExp]>([
    [
      'two files',
      { 'storage.config.ts': '', 'storage.config.json': memory },
      'there are storage.config.ts and storage.config.json side by side: keep one',
    ],
    [
      'a file that throws',
      { 'storage.config.js': 'throw new Error("no DATABASE_URL")' },
      'storage.config.js threw when it was read: no DATABASE_URL',
    ],
    [
      'a file with a syntax error',
      { 'storage.config.js': 'export default {' },
      'storage.config.js threw when it was read: ',
    ],
    [
      'a file that imports what is not there',
      { 'storage.config.js': 'import "nowhere-at-all"; export default {}' },
      'nowhere-at-all',
    ],
    ['a file without a default export', { 'storage.config.js': 'export const storage = {}' }, 'has no default export'],
    [
      'a file that exports no object',
      { 'storage.config.js': 'export default 7' },
      'storage.config.js: it must be an object',
    ],
    ['an empty YAML file', { 'storage.config.yaml': '' }, 'it must be an object'],
    ['a list', { 'storage.config.json': '[]' }, 'it must be an object'],
    [
      'JSON with a fault',
      { 'storage.config.json': '{\n "secretKey": hunter2 }' },
      'storage.config.json is not valid JSON',
    ],
    [
      'YAML with a fault',
      { 'storage.config.yaml': 'backends:\n  a: "hunter2\n' },
      /storage.config.yaml is not valid YAML \(\w+\): look at line/,
    ],
    [
      'YAML with an alias of nothing',
      { 'storage.config.yaml': 'backends: { a: { secretKey: *hunter2 } }' },
      'is not valid YAML',
    ],
    [
      'two defaults in YAML',
      { 'storage.config.yaml': 'backends: { a: "memory:" }\ndefault: a\ndefault: b\n' },
      'is not valid YAML (DUPLICATE_KEY): look at line 3',
    ],
    [
      'two defaults in JSON',
      {
        'storage.config.json':
          '{ "backends": { "a": { "type": "memory" }, "b": "x:\\"default\\":" },\n"default": "a",\n"default": "b" }',
      },
      'storage.config.json has "default" twice in one object: look at line 3',
    ],
    [
      'one name twice in JSON',
      { 'storage.config.json': '{ "backends": { "a": "memory:", "a" : "memory:" } }' },
      'has "a" twice in one object',
    ],
    [
      'two defaults in a list',
      { 'storage.config.json': '{ "backends": { "a": "memory:" }, "default": ["a", "b"] }' },
      'default names 2 backends: choose one of a',
    ],
    ['no backends', { 'storage.config.json': '{}' }, 'backends must be an object'],
    ['empty backends', { 'storage.config.json': '{ "backends": {} }' }, 'storage.config.json: backends is empty'],
    [
      'a misspelt setting',
      { 'storage.config.json': '{ "backend": {}, "backends": { "a": "memory:" } }' },
      'backend is no setting: did you mean backends?',
    ],
    [
      'a type that is not known',
      { 'storage.config.json': '{ "backends": { "a": { "type": "lokal" } } }' },
      'backends.a.type: there is no backend type "lokal": did you mean local?',
    ],
    [
      'a URL with a password',
      { 'storage.config.json': '{ "backends": { "a": "s3://k:hunter2@b/c" } }' },
      'backends.a: the storage URL s3:…',
    ],
  ])('refuses %s', async (_, files, message) => {
    expect(await refusal(files)).toMatch(message);
  });

  it('refuses a second default of the environment', async () => {
    expect(await refusal({ 'storage.config.json': memory }, { STORAGE_DEFAULT: 'uploads' })).toContain(
      'default and the variable STORAGE_DEFAULT name two backends: remove one',
    );
  });

  it('names every fault of every backend, with the path of the setting, and no secret', async () => {
    const message = await refusal({
      'storage.config.yaml': `backends:
  a: { type: memory, createBukket: true, accessKey: env:MISSING }
  b: { type: memory, accessKey: "hunter2\\n" }
  c: memory://?createBucket=maybe
`,
    });
    expect(message).toContain('storage.config.yaml has 4 faults: ');
    expect(message).toContain('backends.a.accessKey refers to the variable MISSING, which is not set');
    expect(message).toContain('backends.a.createBukket is not an option: did you mean backends.a.createBucket?');
    expect(message).toContain('backends.b.accessKey must be');
    expect(message).toContain('backends.c.createBucket must be true or false');
  });

  it('says so for one backend when it is asked for', async () => {
    const cwd = await folderWith({ 'storage.config.json': '{ "backends": { "a": { "type": "memory", "nope": 1 } } }' });
    await expect((await storageFromFile({ cwd })).backend()).rejects.toThrow(
      'storage.config.json: backends.a.nope is not an option',
    );
  });

  it('refuses files that are not there, or of another kind', async () => {
    await expect(storageFromFile({ file: join(root, 'none.json') })).rejects.toThrow(
      /none.json cannot be read \(ENOENT/,
    );
    await expect(storageFromFile({ file: join(root, 'none.ts') })).rejects.toMatchObject({ code: 'InvalidConfig' });
    await expect(storageFromFile({ file: join(root, 'x.toml') })).rejects.toThrow('ends in ".toml"');
  });
});

describe('loadStorage', () => {
  it('takes the environment where it names backends, else the file', async () => {
    const cwd = await folderWith({ 'storage.config.json': memory });
    const env = { STORAGE_BACKENDS: 'fromEnv', STORAGE_FROMENV_TYPE: 'memory' };
    expect((await loadStorage({ cwd, env })).names).toEqual(['fromEnv']);
    expect((await loadStorage({ cwd, env: {} })).names).toEqual(['uploads', 'cache']);
    expect((await loadStorage({ cwd, env, file: 'storage.config.json' })).names).toEqual(['uploads', 'cache']);
  });

  it('says how to configure where nothing is', async () => {
    await expect(loadStorage({ cwd: await folderWith({}), env: {} })).rejects.toThrow(
      /there is no configuration: set STORAGE_BACKENDS, or write a storage.config.ts/,
    );
  });
});

describe('defineStorage', () => {
  it('keeps the types of what it is given', async () => {
    const config = defineStorage({
      backends: { uploads: MemoryBackend.createConfig({ name: 'uploads' }), cache: 'memory://' },
      default: 'uploads',
    });
    await using storage = new StorageManager(config);
    expectTypeOf(await storage.backend()).toEqualTypeOf<MemoryBackend>();
    expectTypeOf(await storage.backend('cache')).toEqualTypeOf<StorageBackend>();
    // @ts-expect-error it is none of the backends
    expect(() => new StorageManager(defineStorage({ backends: { a: 'memory:' }, default: 'b' }))).toThrow(
      'default is "b"',
    );
  });
});
