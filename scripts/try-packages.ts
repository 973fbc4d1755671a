/**
 * Tries the packages as a user gets them: packed, installed by npm into an empty folder outside of the repository, and
 * used from an ES module, from CommonJS and from TypeScript, and under Bun.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pack } from './pack.ts';
import { consumers, expected } from './try-packages/consumer.ts';
import { installedIn } from './try-packages/installed.ts';
import { type Trial, trials } from './try-packages/trials.ts';
import { publishedPackages, root } from './workspace.ts';

/** Runs a command of the consumer. pnpm's settings, which npm warns of, are not handed on. */
function run(command: string, args: readonly string[], cwd: string): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name)));
  return execFileSync(command, args, { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' }).trim();
}

function install(folder: string, packages: readonly string[]): void {
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], folder);
}

function tell(name: string, attempt: () => string): boolean {
  try {
    console.log(`ok      ${name}: ${attempt()}`);
    return true;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    console.log(`not ok  ${name}: ${String(error)}\n${stdout}\n${stderr}`);
    return false;
  }
}

function story(command: string, args: readonly string[], folder: string): string {
  // What the story before has left: versions outlive a delete.
  rmSync(join(folder, 'storage'), { recursive: true, force: true });
  const printed = run(command, args, folder);
  if (printed !== expected) throw new Error(`printed ${printed}, not ${expected}`);
  return printed;
}

function contents(folder: string, { folders, without }: Trial): string {
  const { packages, bytes } = installedIn(folder);
  const unwanted = packages.filter((name) => without.test(name));
  if (unwanted.length > 0) throw new Error(`brought ${unwanted.join(', ')}`);
  const added = packages.length - folders.length;
  return `${String(packages.length)} packages (${String(added)} of others), ${(bytes / 1024).toFixed(0)} KiB`;
}

function typecheck(folder: string): string {
  run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], folder);
  return 'nodenext, strict, skipLibCheck false';
}

function tryUnderBun(folder: string): string {
  install(folder, ['bun']);
  const bun = join(folder, 'node_modules', '.bin', 'bun');
  return `${run(bun, ['--version'], folder)}: ${story(bun, ['esm.mjs'], folder)}`;
}

function tryOne(trial: Trial): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'try-packages-'));
  try {
    console.log(trial.from);
    const known = new Map(publishedPackages().map((each) => [basename(each.folder), each]));
    const tarballs = trial.folders.map((name) => {
      const found = known.get(name);
      if (found === undefined) throw new Error(`packages/${name} is not published`);
      return pack(found, join(folder, 'tarballs'));
    });
    for (const [name, text] of Object.entries(consumers(trial))) writeFileSync(join(folder, name), text);
    install(folder, tarballs);
    const steps = [
      tell('npm install', () => contents(folder, trial)),
      tell('ES module', () => story(process.execPath, ['esm.mjs'], folder)),
      tell('CommonJS', () => story(process.execPath, ['cjs.cjs'], folder)),
      tell('TypeScript', () => {
        install(folder, ['--save-dev', '@types/node@22']);
        return typecheck(folder);
      }),
      tell('Bun', () => tryUnderBun(folder)),
    ];
    return steps.every(Boolean);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const results = trials.map(tryOne);
if (!results.every(Boolean)) process.exitCode = 1;
