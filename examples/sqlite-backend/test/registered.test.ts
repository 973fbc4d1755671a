import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { BackendRegistry, StorageManager } from '@storage/core';
import { loadStorage } from '@storage/core/config';
import { expect, test } from 'vitest';
import { SqliteBackend } from '../src/index.ts';

const registry = new BackendRegistry().register('sqlite', async () => (await import('../src/index.ts')).SqliteBackend);

function newPath(): string {
  return join(mkdtempSync(join(tmpdir(), 'sqlite-backend-')), 'files.db');
}

test('a registry creates the backend by its name', async () => {
  await using backend = await registry.create({ type: 'sqlite', path: newPath() });
  expect(backend).toBeInstanceOf(SqliteBackend);
});

test('a manager loads the backend when it is first asked for', async () => {
  await using storage = new StorageManager({
    backends: { uploads: { type: 'sqlite', path: newPath() }, scratch: { type: 'memory' } },
    default: 'uploads',
    registry,
  });
  const uploads = await storage.backend();
  await uploads.save('notes/today.txt', 'hello');
  expect(await (await uploads.retrieve('notes/today.txt')).text()).toBe('hello');
});

test('the environment of .env.example configures it, and names every option', async () => {
  const example = parseEnv(readFileSync(new URL('../.env.example', import.meta.url), 'utf8'));
  await using storage = await loadStorage({ env: { ...example, STORAGE_UPLOADS_PATH: newPath() }, registry });
  const uploads = await storage.backend('uploads');
  await uploads.save('notes/today.txt', 'hello');
  expect(uploads.name).toBe('uploads');
});

test('faulty options are named, all of them', async () => {
  const faulty = registry.create({ type: 'sqlite', path: ':memory:', create: 'perhaps' } as never);
  await expect(faulty).rejects.toMatchObject({
    code: 'InvalidConfig',
    message: expect.stringMatching(/path.*create/s),
  });
});

test('a file that is no database is named so, without a retry', async () => {
  const backend = new SqliteBackend({ path: new URL(import.meta.url).pathname });
  const failure = backend.exists('key');
  await expect(failure).rejects.toMatchObject({ code: 'Corrupted', attempts: 1, providerCode: 'SQLITE_26' });
});
