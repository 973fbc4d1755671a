import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageManager } from './package-managers.ts';
import { run } from './run.ts';
import { compilers, typecheck } from './typescript.ts';

// Two copies meet where two dependencies of an application want ranges that no one version fits.
const program = `
import { BackendRegistry, isStorageError, StorageManager, type StorageBackend } from '@storage/core';
import { MemoryBackend } from '@storage/core/memory';
import * as earlier from 'earlier-core';
import { MemoryBackend as EarlierMemoryBackend } from 'earlier-core/memory';
import { LocalBackend } from '@storage/backend-local';

const local: earlier.StorageBackend = new LocalBackend({ basePath: './storage' });
const memory: StorageBackend = new EarlierMemoryBackend();
const other: earlier.StorageBackend = new MemoryBackend();

const registry = new earlier.BackendRegistry().register('disk', LocalBackend);
await using storage = new StorageManager({
  backends: { a: EarlierMemoryBackend.createConfig({ name: 'a' }), b: { type: 'old-memory' } },
  default: 'a',
  registry: new BackendRegistry().register('old-memory', EarlierMemoryBackend),
});

const disk = await registry.create({ type: 'disk', basePath: './storage' });
for (const backend of [local, memory, other, disk, await storage.backend('a'), await storage.backend('b')]) {
  await backend.save('key', 'text');
  const error: unknown = await backend.retrieve('missing').catch((reason: unknown) => reason);
  if (!isStorageError(error) || !earlier.isStorageError(error)) throw new Error('an error that one copy does not know');
  await backend.close();
}
console.log('ok');
`;

/** A program with two copies of core type-checks and runs; `earlier` is the version of the other copy. */
export async function tryTwoCores(npm: PackageManager, earlier: string, scratch: string): Promise<void> {
  const folder = join(scratch, 'two-cores');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'two-cores', private: true, type: 'module' }));
  writeFileSync(join(folder, 'main.ts'), program);
  const packages = [`earlier-core@npm:@storage/core@${earlier}`, '@storage/core', '@storage/backend-local'];
  await npm.install(folder, [...packages, '@types/node@22']);
  for (const compiler of compilers) {
    await typecheck(folder, compiler, { name: 'nodenext', options: { module: 'nodenext' }, files: ['main.ts'] });
  }
  const printed = await run(process.execPath, ['main.ts'], folder);
  if (printed !== 'ok') throw new Error(`two copies of core: ${printed}`);
}
