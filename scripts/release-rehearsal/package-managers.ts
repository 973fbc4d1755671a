import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace.ts';
import { installedIn } from './installed.ts';
import type { Registry } from './registry.ts';
import { type Env, run } from './run.ts';

/** One way to install packages into an empty folder, and to run a program there. */
export interface PackageManager {
  readonly name: string;
  install(folder: string, packages: readonly string[], dev?: boolean): Promise<void>;
  /** Runs a program of the folder with Node, as the package manager wants it to be run. */
  readonly node: (folder: string, args: readonly string[], env?: Env) => Promise<string>;
  /** Names of the packages that are there. */
  packages(folder: string): readonly string[];
}

/** npm, pnpm and Yarn, on a registry. Their caches of packages that any registry has are those of this machine. */
export function packageManagers({ url, env }: Registry, scratch: string): readonly PackageManager[] {
  const node: PackageManager['node'] = (folder, args, more) => run(process.execPath, args, folder, more);

  const npm: PackageManager = {
    name: 'npm',
    install: async (folder, packages, dev) => {
      const kind = dev === true ? ['--save-dev'] : [];
      await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...kind, ...packages], folder, env);
    },
    node,
    packages: (folder) => installedIn(folder).packages,
  };

  const pnpm: PackageManager = {
    name: 'pnpm',
    install: async (folder, packages) => {
      // What was published a minute ago is what is tried.
      writeFileSync(join(folder, 'pnpm-workspace.yaml'), "minimumReleaseAgeExclude:\n  - '@storage/*'\n");
      await run('pnpm', ['add', `--cache-dir=${join(scratch, 'pnpm-cache')}`, ...packages], folder, env);
    },
    node,
    packages: (folder) =>
      readdirSync(join(folder, 'node_modules', '.pnpm'))
        .filter((name) => name.includes('@', 1))
        .map((name) => name.replace(/(?<=.)@.*$/, '').replace('+', '/')),
  };

  const yarnBin = join(root, 'node_modules', '@yarnpkg', 'cli-dist', 'bin', 'yarn.js');
  const yarnEnv: Env = {
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: 'localhost',
    YARN_ENABLE_TELEMETRY: '0',
    YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
    YARN_NPM_MINIMAL_AGE_GATE: '0',
    // Its cache goes by name and version, and ours are in no other registry.
    YARN_GLOBAL_FOLDER: join(scratch, 'yarn'),
  };
  const yarn: PackageManager = {
    name: 'yarn (PnP)',
    install: async (folder, packages) => {
      const lock = join(folder, 'yarn.lock');
      if (!existsSync(lock)) writeFileSync(lock, '');
      await run(process.execPath, [yarnBin, 'add', ...packages], folder, yarnEnv);
    },
    node: (folder, args, more) => run(process.execPath, [yarnBin, 'node', ...args], folder, { ...yarnEnv, ...more }),
    packages: (folder) =>
      [...readFileSync(join(folder, 'yarn.lock'), 'utf8').matchAll(/^ {2}resolution: "(.+)@npm:/gm)].map(
        ([, name = '']) => name,
      ),
  };

  return [npm, pnpm, yarn];
}
