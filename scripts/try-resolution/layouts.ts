/** One way in which a package manager lays out what it installs. */
export interface Layout {
  readonly name: string;
  /** What the application consists of, besides its program; tarballs by package name. */
  readonly files: (tarballs: Readonly<Record<string, string>>) => Record<string, string>;
  readonly install: readonly string[];
  /** What runs a program. @default ['node'] */
  readonly start?: readonly string[];
  /** How a user of this package manager installs another package, as the error says it. */
  readonly addLine: string;
}

/** Names no backend, and imports none. */
export const application = `import { loadStorage } from '@storage/core/config';

try {
  await using storage = await loadStorage();
  const backend = await (await storage.initialize()).backend();
  await backend.save('a.txt', 'kept');
  console.log(backend.type + ': ' + (await (await backend.retrieve('a.txt')).text()));
} catch (error) {
  console.log(error.code + ': ' + error.message);
}
`;

/** Imports the one that it needs, and registers it under its name. */
export const bundled = `import { BackendRegistry } from '@storage/core';
import { storageFromEnv } from '@storage/core/config';
import { LocalBackend } from '@storage/backend-local';

async function main() {
  const registry = new BackendRegistry().register('local', LocalBackend);
  const env = { STORAGE_BACKENDS: 'uploads', STORAGE_UPLOADS_TYPE: 'local', ...process.env };
  if (env.STORAGE_UPLOADS_TYPE === 'local') env.STORAGE_UPLOADS_BASE_PATH = './storage';
  const storage = storageFromEnv({ env, registry });
  const backend = await (await storage.initialize()).backend();
  await backend.save('a.txt', 'kept');
  console.log(backend.type + ': ' + (await (await backend.retrieve('a.txt')).text()));
}
main().catch((error) => console.log(error.code + ': ' + error.message));
`;

type Tarballs = Readonly<Record<string, string>>;

function manifest(tarballs: Tarballs, more: object = {}): string {
  const dependencies = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  return JSON.stringify({ name: 'application', version: '1.0.0', private: true, dependencies, ...more });
}

/** The tarballs ask for each other by version, which no registry has yet. */
function overrides(tarballs: Tarballs): Record<string, string> {
  return { '@storage/core': `file:${tarballs['@storage/core'] ?? ''}` };
}

function pnpmSettings(tarballs: Tarballs, settings: object): Record<string, string> {
  // JSON is YAML.
  return {
    'package.json': manifest(tarballs),
    'pnpm-workspace.yaml': JSON.stringify({ ...settings, overrides: overrides(tarballs), packages: ['.'] }),
  };
}

// The yarn 4 of this repository.
const yarn = ['yarn'];

function yarnSettings(tarballs: Tarballs, nodeLinker: string): Record<string, string> {
  return {
    'package.json': manifest(tarballs, { resolutions: overrides(tarballs) }),
    'yarn.lock': '',
    '.yarnrc.yml': `nodeLinker: ${nodeLinker}\nenableTelemetry: false\nenableGlobalCache: false\nenableImmutableInstalls: false\n`,
  };
}

export const layouts: readonly Layout[] = [
  {
    name: 'npm',
    files: (tarballs) => ({ 'package.json': manifest(tarballs) }),
    install: ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error'],
    addLine: 'npm install',
  },
  {
    name: 'yarn 4, node-modules',
    files: (tarballs) => yarnSettings(tarballs, 'node-modules'),
    install: [...yarn, 'install'],
    addLine: 'yarn add',
  },
  {
    name: "yarn 4, plug'n'play",
    files: (tarballs) => yarnSettings(tarballs, 'pnp'),
    install: [...yarn, 'install'],
    start: [...yarn, 'node'],
    addLine: 'yarn add',
  },
  {
    name: 'pnpm, hoist false',
    files: (tarballs) => pnpmSettings(tarballs, { hoist: false, shamefullyHoist: false }),
    install: ['pnpm', 'install', '--no-frozen-lockfile'],
    addLine: 'pnpm add',
  },
  {
    name: 'pnpm, global virtual store',
    files: (tarballs) => pnpmSettings(tarballs, { enableGlobalVirtualStore: true, hoist: false }),
    install: ['pnpm', 'install', '--no-frozen-lockfile'],
    addLine: 'pnpm add',
  },
];
