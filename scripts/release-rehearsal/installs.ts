import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { consumersOf, expectedOf } from './consumers.ts';
import type { PackageManager } from './package-managers.ts';
import { type Servers, whyMissing } from './servers.ts';
import { secondsSince } from './table.ts';
import type { Trial } from './trials.ts';

/** A backend in a folder of its own, as one package manager has installed it. */
export interface Installation {
  readonly trial: Trial;
  readonly manager: PackageManager;
  readonly folder: string;
  readonly servers: Servers;
}

/** Installs a backend alone into an empty folder, beside the files that try it. */
async function install(
  trial: Trial,
  manager: PackageManager,
  servers: Servers,
  scratch: string,
): Promise<Installation> {
  const folder = join(scratch, 'installs', `${basename(trial.from)}-${manager.name.replaceAll(/\W+/g, '-')}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(consumersOf(trial))) writeFileSync(join(folder, name), text);
  // Core comes with the backend; it is named too, since strict layouts let nobody import what they did not ask for.
  await manager.install(folder, [trial.from, '@storage/core']);
  const foreign = manager.packages(folder).filter((name) => trial.without.test(name));
  if (foreign.length > 0) throw new Error(`${trial.from} brought ${foreign.join(', ')}`);
  return { trial, manager, folder, servers };
}

/** Runs one of the files that try the backend, over an empty store. */
export async function story(
  { trial, manager, folder, servers }: Installation,
  args: readonly string[],
  node: PackageManager['node'] = manager.node,
): Promise<void> {
  rmSync(join(folder, 'storage'), { recursive: true, force: true });
  const env = { ...servers.env, TRIAL_STORE: `trial-${randomBytes(6).toString('hex')}` };
  const printed = await node(folder, args, env);
  const expected = expectedOf(trial);
  if (printed !== expected) throw new Error(`${trial.from}, ${args.join(' ')}: printed ${printed}, not ${expected}`);
}

/** The row of the table: backend, manager, packages, ES module, CommonJS, time. */
export async function tryInstallation(
  trial: Trial,
  manager: PackageManager,
  servers: Servers,
  scratch: string,
): Promise<{ readonly installation: Installation; readonly row: readonly string[] }> {
  const begin = performance.now();
  const installation = await install(trial, manager, servers, scratch);
  const time = secondsSince(begin);
  const packages = String(new Set(manager.packages(installation.folder)).size);
  const skipped = whyMissing(trial, servers);
  if (skipped === undefined) {
    await story(installation, ['esm.mjs']);
    await story(installation, ['cjs.cjs']);
  }
  const ran = skipped === undefined ? 'ok' : 'skipped';
  return { installation, row: [trial.from, manager.name, packages, ran, ran, time] };
}
