import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const lockfiles: readonly (readonly [file: string, command: string])[] = [
  ['pnpm-lock.yaml', 'pnpm add'],
  ['yarn.lock', 'yarn add'],
  ['bun.lock', 'bun add'],
  ['bun.lockb', 'bun add'],
  ['package-lock.json', 'npm install'],
];

const agents: ReadonlyMap<string, string> = new Map([
  ['pnpm', 'pnpm add'],
  ['yarn', 'yarn add'],
  ['bun', 'bun add'],
  ['npm', 'npm install'],
]);

/**
 * The line that installs a package the way the application installs its others: by the nearest lock file from
 * `folder` upwards, else by the package manager that started the process, else npm.
 */
export function installLine(
  packageName: string,
  folder: string,
  userAgent: string | undefined = process.env['npm_config_user_agent'],
): string {
  const running = agents.get(userAgent?.split('/')[0] ?? '');
  return `${nearestLockfile(folder) ?? running ?? 'npm install'} ${packageName}`;
}

function nearestLockfile(folder: string): string | undefined {
  const found = lockfiles.find(([file]) => existsSync(join(folder, file)));
  if (found !== undefined) return found[1];
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestLockfile(parent);
}
