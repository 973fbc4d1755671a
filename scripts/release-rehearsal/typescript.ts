import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../workspace.ts';
import type { Installation } from './installs.ts';
import { run } from './run.ts';
import type { Trial } from './trials.ts';

interface Resolution {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  /** The one error that must come. */
  readonly error?: string;
}

const resolutions: readonly Resolution[] = [
  { name: 'nodenext', options: { module: 'nodenext' }, files: ['typed.ts', 'typed.cts'] },
  { name: 'node20', options: { module: 'node20' }, files: ['typed.ts', 'typed.cts'] },
  { name: 'bundler', options: { module: 'preserve', moduleResolution: 'bundler' }, files: ['typed.ts'] },
  // Node 16 could not require an ES module, and TypeScript says so.
  { name: 'node16 from CommonJS', options: { module: 'node16' }, files: ['typed.cts'], error: 'TS1479' },
];

const strict = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
};

const require = createRequire(join(root, 'package.json'));

/** Names of the compilers in this repository's manifest. */
export const compilers = ['typescript', 'typescript-5.9'] as const;

/** Checks the consumers with every compiler in every resolution; one row each. Needs an npm install. */
export async function checkTypes(installation: Installation, short: boolean): Promise<readonly string[][]> {
  const { folder, manager, trial } = installation;
  await manager.install(folder, ['@types/node@22'], true);
  const rows: string[][] = [];
  for (const compiler of short ? compilers.slice(0, 1) : compilers) {
    const { version } = require(`${compiler}/package.json`) as { version: string };
    for (const each of resolutionsFor(trial, short)) {
      await typecheck(folder, compiler, each);
      rows.push([trial.from, `TypeScript ${version}`, each.name, each.error ?? 'ok']);
    }
  }
  return rows;
}

/** What must fail is about ES modules, not about a backend: one shows it. */
function resolutionsFor({ server }: Trial, short: boolean): readonly Resolution[] {
  if (short) return resolutions.slice(0, 1);
  return resolutions.filter(({ error }) => error === undefined || server === undefined);
}

/** Throws where the compiler finds something else than what is expected. */
export async function typecheck(folder: string, compiler: string, resolution: Resolution): Promise<void> {
  const { options, files, error } = resolution;
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...strict, ...options }, files }));
  const tsc = require.resolve(`${compiler}/bin/tsc`);
  const failure = await run(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], folder).then(
    () => undefined,
    (found: unknown) => found as Error,
  );
  if (error === undefined) {
    if (failure !== undefined) throw failure;
    return;
  }
  const found = [...(failure?.message ?? '').matchAll(/error (TS\d+)/g)].map(([, code]) => code);
  if (found.length === 0 || found.some((code) => code !== error)) {
    throw new Error(`${compiler} found ${found.join(', ') || 'nothing'}, not ${error}`, { cause: failure });
  }
}
