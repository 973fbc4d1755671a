import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalBackend } from '@storage/backend-local';
import { vi } from 'vitest';

/** A local backend in a folder of its own. */
export interface Storage extends AsyncDisposable {
  readonly backend: LocalBackend;
  /** How each save ended so far. */
  outcomes(): ('rejected' | 'fulfilled' | 'incomplete')[];
  /** Every file below the folder, those of the backend's own included. */
  files(): Promise<string[]>;
}

export async function openStorage(): Promise<Storage> {
  const basePath = await mkdtemp(join(tmpdir(), 'upload-handlers-'));
  const backend = await new LocalBackend({ basePath }).initialize();
  const saves = vi.spyOn(backend, 'save');
  return {
    backend,
    outcomes: () => saves.mock.settledResults.map(({ type }) => type),
    files: async () => {
      const entries = await readdir(basePath, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    [Symbol.asyncDispose]: async () => {
      await backend.close();
      await rm(basePath, { recursive: true });
    },
  };
}
