import { existsSync, readdirSync } from 'node:fs';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const source = '@storage/source';
// As Node resolves, not as bundlers do: the `module` condition of the AWS SDK names files that Node cannot load.
const conditions = [source, 'node', 'development|production'];

// Starts the server that all test files of a package share.
const setup = 'test/global-setup.ts';

// No part of the workspace: `pnpm release:rehearse` installs it from a registry and runs its tests.
const thirdParty = 'sqlite-backend';

function project(folder: string, name: string): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      root: folder,
      include: ['{src,test}/**/*.test.ts'],
      exclude: ['**/node_modules/**', '**/dist/**'],
      globalSetup: existsSync(`${folder}/${setup}`) ? [`./${setup}`] : [],
    },
  };
}

function projectsIn(folder: string): TestProjectInlineConfiguration[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${folder}/${entry.name}/package.json`))
    .filter(({ name }) => name !== thirdParty)
    .map((entry) => project(`${folder}/${entry.name}`, entry.name));
}

export default defineConfig(({ mode }) => {
  // `pnpm test:long` is `--mode long`; the variable reaches the tests and the processes they start.
  if (mode === 'long') process.env['STORAGE_TESTS_LONG'] = '1';
  const long = process.env['STORAGE_TESTS_LONG'] === '1';
  return {
    // Siblings are read from their sources: tests need no build. Vitest hands the conditions to its workers too, so that
    // what a test forks, or starts with `process.execArgv`, does the same.
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: [source] } },
    // Where global setups run.
    environments: { __vitest__: { resolve: { conditions, noExternal: [/^@storage\//] } } },
    test: {
      projects: [
        ...projectsIn('packages'),
        ...projectsIn('examples'),
        project('docs', 'docs'),
        project('scripts', 'scripts'),
      ],
      pool: 'forks',
      // All processors: Vitest would leave one free, and most tests wait for a server or a disk.
      maxWorkers: '100%',
      testTimeout: long ? 600_000 : 30_000,
      hookTimeout: 180_000,
      passWithNoTests: false,
      reporters: process.env['CI'] ? ['default', ['json', { outputFile: '.reports/vitest.json' }]] : ['default'],
      coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], reporter: ['text-summary', 'html'] },
    },
  };
});
