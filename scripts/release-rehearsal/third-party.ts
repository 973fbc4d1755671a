import { cpSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../workspace.ts';
import type { PackageManager } from './package-managers.ts';
import { run } from './run.ts';
import { secondsSince } from './table.ts';

const example = join(root, 'examples', 'sqlite-backend');
const madeByTools = ['node_modules', 'dist'];

/** Installs the backend of a third party from the registry, builds it and runs its tests, the suite among them. */
export async function tryThirdParty(npm: PackageManager, scratch: string): Promise<string> {
  const begin = performance.now();
  const folder = join(scratch, basename(example));
  cpSync(example, folder, { recursive: true, filter: (path) => !madeByTools.includes(basename(path)) });
  await npm.install(folder, []);
  for (const tool of ['typescript/bin/tsc -p .', 'typescript/bin/tsc -p tsconfig.build.json']) {
    await inFolder(npm, folder, tool);
  }
  await inFolder(npm, folder, 'vitest/vitest.mjs run --reporter=json --outputFile=report.json');
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const cases = tests.filter(({ ancestorTitles: [suite] }) => suite?.startsWith('conformance of '));
  if (!report.success || cases.length === 0) throw new Error('the suite has not passed');
  const deviations = cases.filter(({ title }) => title.includes('(deviation: ')).length;
  await run(
    process.execPath,
    ['--eval', "import('./dist/index.js').then(({ SqliteBackend }) => new SqliteBackend({ path: 'x' }))"],
    folder,
  );
  return `${String(cases.length)} conformance cases passed (${String(deviations)} deviations), ${String(tests.length - cases.length)} tests of its own, ${secondsSince(begin)}`;
}

interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly title: string }[];
  }[];
}

function inFolder(npm: PackageManager, folder: string, program: string): Promise<string> {
  const [file = '', ...args] = program.split(' ');
  return npm.node(folder, [join('node_modules', file), ...args]);
}
