import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an install has put into a folder. */
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
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' }).map((file) =>
    lstatSync(join(modules, file)),
  );
  const bytes = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  return { packages, bytes };
}
