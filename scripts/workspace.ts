import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One subpath of `exports` while developing: sources first, then what is published. */
export interface Entry {
  readonly '@storage/source': string;
  readonly types: string;
  readonly default: string;
}

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, Entry | string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly publishConfig: { readonly exports: Readonly<Record<string, unknown>> };
}

export interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
}

export const root = join(import.meta.dirname, '..');

/** The packages that npm gets, by folder name. */
export function publishedPackages(from: string = root): Package[] {
  const packages = join(from, 'packages');
  return readdirSync(packages)
    .map((name) => join(packages, name))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => manifest.private !== true);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The subpaths with code behind them, which leaves out `./package.json`. */
export function codeEntries(manifest: Manifest): [subpath: string, entry: Entry][] {
  return Object.entries(manifest.exports).flatMap(([subpath, entry]) =>
    typeof entry === 'string' ? [] : [[subpath, entry] satisfies [string, Entry]],
  );
}
