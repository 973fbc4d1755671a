/**
 * Tries that a backend is found by its name where package managers lay packages out strictly: installs the tarballs into
 * empty folders, and lets an application that names no backend in its code load one by its configuration.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pack } from './pack.ts';
import { application, bundled, type Layout, layouts } from './try-resolution/layouts.ts';
import { publishedPackages } from './workspace.ts';

const work = mkdtempSync(join(tmpdir(), 'try-resolution-'));

/** Runs a command of a user: pnpm's settings, which came with the script, are not handed on. */
function run(command: string, args: readonly string[], cwd: string, more: Record<string, string> = {}): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:npm_|pnpm_|STORAGE_)/i.test(name)),
  );
  const shell = process.platform === 'win32';
  return execFileSync(command, args, {
    cwd,
    env: { ...env, ...more },
    encoding: 'utf8',
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function expectOutput(printed: string, wanted: RegExp): string {
  const line = printed.trim().split('\n').at(-1) ?? '';
  if (!wanted.test(line)) throw new Error(`printed ${JSON.stringify(printed)}, not ${String(wanted)}`);
  return line;
}

function tell(name: string, attempt: () => string): void {
  try {
    console.log(`ok      ${name}: ${attempt()}`);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    console.log(`not ok  ${name}: ${String(error)}\n${stdout}\n${stderr}`);
    process.exitCode = 1;
  }
}

function newFolder(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(work, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

function tryLayout({ name, files, install, start = ['node'], addLine }: Layout): void {
  const folder = newFolder(name, { 'app.mjs': application, ...files(tarballs) });
  const [command = '', ...args] = install;
  const [node = '', ...before] = start;
  const app = [...before, 'app.mjs'];
  tell(`${name}: install`, () => {
    run(command, args, folder);
    return install.join(' ');
  });
  const local = { STORAGE_BACKENDS: 'uploads', STORAGE_UPLOADS_TYPE: 'local', STORAGE_UPLOADS_BASE_PATH: './storage' };
  tell(`${name}: an installed backend`, () => expectOutput(run(node, app, folder, local), /^local: kept$/));
  const missing = {
    STORAGE_BACKENDS: 'uploads',
    STORAGE_UPLOADS_TYPE: 'aws-s3',
    STORAGE_UPLOADS_BUCKET_NAME: 'uploads',
  };
  const wanted = new RegExp(`^BackendNotInstalled: .*${addLine} @storage/backend-aws-s3$`);
  tell(`${name}: one that is not`, () => expectOutput(run(node, app, folder, missing), wanted));
}

/** In a bundle there are no packages to look into: the application registers what it uses. */
function tryBundle(format: 'esm' | 'cjs'): void {
  const name = `esbuild ${format}`;
  const files = { 'app.mjs': bundled, 'package.json': JSON.stringify({ private: true }) };
  const source = newFolder(`${format}-source`, files);
  const target = newFolder(`${format}-target`, {});
  const file = join(target, format === 'esm' ? 'app.mjs' : 'app.cjs');
  tell(`${name}: bundle`, () => {
    run(
      'npm',
      ['install', '--no-audit', '--no-fund', '--loglevel=error', ...Object.values(tarballs), 'esbuild'],
      source,
    );
    const options = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=${file}`, '--log-level=error'];
    run(join(source, 'node_modules', '.bin', 'esbuild'), ['app.mjs', ...options], source);
    return 'one file, no warnings';
  });
  tell(`${name}: a backend that it registers`, () => expectOutput(run('node', [file], target), /^local: kept$/));
  const missing = { STORAGE_BACKENDS: 'uploads', STORAGE_UPLOADS_TYPE: 'minio' };
  tell(`${name}: one that it does not`, () =>
    expectOutput(run('node', [file], target, missing), /^BackendNotInstalled: /),
  );
}

const tarballs = Object.fromEntries(
  publishedPackages()
    .filter(({ folder }) => ['core', 'backend-local'].includes(basename(folder)))
    .map((each) => [each.manifest.name, pack(each, join(work, 'tarballs'))]),
);
try {
  for (const layout of layouts) tryLayout(layout);
  for (const format of ['esm', 'cjs'] as const) tryBundle(format);
} finally {
  rmSync(work, { recursive: true, force: true });
}
