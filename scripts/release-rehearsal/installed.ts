import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What npm has put into a folder. */
export interface Installed {
  /** Names, the direct ones included; a package that is there twice is named twice. */
  readonly packages: readonly string[];
  readonly bytes: number;
}

/** Reads the list that npm keeps beside what it installed. */
export function installedIn(folder: string): Installed {
  const modules = join(folder, 'node_modules');
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object };
  const packages = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ''));
  return { packages, bytes: sizeOf(modules) };
}

/** Bytes of all files below a folder. */
export function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => lstatSync(join(folder, file)));
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}
