import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Package } from './workspace.ts';

/** Packs a package as it would be published, into a folder of its own below `target`. Returns the tarball's path. */
export function pack({ folder, manifest }: Package, target: string): string {
  const own = join(target, manifest.name.replace('/', '-'));
  mkdirSync(own, { recursive: true });
  execFileSync('pnpm', ['pack', '--pack-destination', own], {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const [tarball] = readdirSync(own);
  if (tarball === undefined) throw new Error(`${manifest.name} packed nothing`);
  return join(own, tarball);
}
