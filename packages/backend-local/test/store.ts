import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Harness, Leftover, Planted } from '@storage/conformance-tests';
import { afterAll } from 'vitest';
import { LocalBackend, type LocalOptions } from '../src/index.ts';
import { placeOf, rootsOf } from '../src/names/place.ts';

const urlKey = 'a-key-for-urls-that-is-secret';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** An empty folder, gone when the tests of the file are done. */
export async function temporaryFolder(prefix = 'local-'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  folders.push(folder);
  return folder;
}

/** The suite's way to a local store of its own. */
export function localHarness(
  options: Partial<LocalOptions> = {},
  { folderPrefix, foldsCase = diskFoldsCase() }: { readonly folderPrefix?: string; readonly foldsCase?: boolean } = {},
): Harness & { close(): Promise<void> } {
  let opened: Promise<{ readonly basePath: string; readonly publicUrl: string; readonly server: Server }> | undefined;

  async function open() {
    const basePath = join(await temporaryFolder(folderPrefix), 'store');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const publicUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/files`;
    server.on('request', new LocalBackend({ basePath, publicUrl, urlKey, ...options }).requestHandler());
    return { basePath, publicUrl, server };
  }
  const store = () => (opened ??= open());

  return {
    async make(given) {
      const { basePath, publicUrl } = await store();
      return new LocalBackend({ basePath, publicUrl, urlKey, ...options, ...given });
    },
    async makeMissing() {
      const { basePath } = await store();
      return new LocalBackend({ basePath: `${basePath}-missing`, create: false, ...options });
    },
    async reset() {
      const { basePath } = await store();
      await rm(basePath, { recursive: true, force: true });
    },
    async listLeftovers(key) {
      return leftovers((await store()).basePath, key);
    },
    async plant(item) {
      await plant((await store()).basePath, item);
    },
    childScript: new URL('./measure.child.ts', import.meta.url),
    secrets: [urlKey],
    foldsCase,
    deviations: {
      3: { reason: 'a folder has no credentials; rights of files are those of the process' },
      80: { title: 'credentials', reason: 'a folder has no credentials' },
      246: { title: 'credentials', reason: 'a folder has no credentials' },
    },
    async close() {
      const { server } = await store();
      server.closeAllConnections();
      server.close();
    },
  };
}

function diskFoldsCase(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'case-'));
  writeFileSync(join(folder, 'a'), '');
  const foldsCase = existsSync(join(folder, 'A'));
  rmSync(folder, { recursive: true });
  return foldsCase;
}

/** Staged files, locks, and unfinished uploads of a key. */
export async function leftovers(basePath: string, key: string): Promise<Leftover[]> {
  const { staging, locks, uploads } = rootsOf(basePath);
  const staged = (await filesBelow(staging)).filter((path) => !path.endsWith('/owner'));
  const sessions = (await filesBelow(uploads)).filter((path) => path.endsWith('/session.json'));
  const ofKey: string[] = [];
  for (const path of sessions) {
    const session = JSON.parse(await readFile(path, 'utf8')) as { readonly key: string };
    if (session.key === key) ofKey.push(path);
  }
  return [...staged, ...ofKey, ...(await filesBelow(locks))].map((name) => ({ name }));
}

/** Paths of all files below a folder; none when it is not there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => `${entry.parentPath}/${entry.name}`);
}

/** Puts something into `data/` by hand. */
async function plant(basePath: string, item: Planted): Promise<void> {
  const roots = rootsOf(basePath);
  const { path } = placeOf(roots, item.key).data;
  await mkdir(dirname(path), { recursive: true });
  if (item.kind === 'symlink') await symlink(placeOf(roots, item.target).data.path, path);
  else await writeFile(path, item.kind === 'file' ? item.bytes : new Uint8Array());
}
