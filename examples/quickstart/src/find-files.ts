import { type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A file on disk, and the key that it is saved under. */
export interface FoundFile {
  readonly key: string;
  readonly path: string;
  readonly size: number;
}

/** What tools make, and what nobody wants copied. */
const leftOut = new Set(['.git', 'node_modules', 'dist', 'coverage', '.turbo', '.reports', '.audit']);

/** Every file below a folder, apart from what tools make there and from the stores; links are not followed. */
export async function findFiles(folder: string, stores: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (isWanted(entry, path, stores)) {
        if (entry.isDirectory()) folders.push(path);
        else found.push({ key: keyOf(folder, path), path, size: (await stat(path)).size });
      }
    }
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function isWanted(entry: Dirent, path: string, stores: readonly string[]): boolean {
  if (leftOut.has(entry.name) || stores.includes(path)) return false;
  return entry.isFile() || entry.isDirectory();
}

/** Keys have `/` on every system. */
function keyOf(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
