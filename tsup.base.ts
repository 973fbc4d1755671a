import { readFileSync } from 'node:fs';
import type { Options } from 'tsup';

interface Manifest {
  readonly exports: Record<string, string | { readonly '@storage/source': string; readonly default: string }>;
  /** Commands, each `dist/<path>.js` of `src/<path>.ts`. */
  readonly bin?: Record<string, string>;
}

/** The entries are read from `exports` and `bin`, so that the manifest and the build cannot disagree. */
function entries(): Record<string, string> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const code = Object.values(manifest.exports).filter((target) => typeof target !== 'string');
  const commands = Object.values(manifest.bin ?? {}).map(nameOf);
  return {
    ...Object.fromEntries(code.map((target) => [nameOf(target.default), target['@storage/source']])),
    ...Object.fromEntries(commands.map((name) => [name, `./src/${name}.ts`])),
  };
}

function nameOf(built: string): string {
  return built.replace(/^\.\/dist\/(.*)\.js$/, '$1');
}

/** Docstrings are in the declarations; esbuild keeps those of members in the code too, a fifteenth of it. */
const withoutDocstrings: NonNullable<Options['plugins']>[number] = {
  name: 'without-docstrings',
  renderChunk: (code) => ({ code: code.replace(/^ *\/\*\* [^]*?\*\/\n|^ *\/\*\*\n[^]*?\*\/\n/gm, '') }),
};

/** How every published package is built. tsup runs in the folder of the package. */
export function library(overrides: Options = {}): Options {
  return {
    entry: entries(),
    format: 'esm',
    platform: 'node',
    target: ['es2023', 'node22'],
    clean: true,
    sourcemap: false,
    treeshake: true,
    plugins: [withoutDocstrings],
    // Only what a package names in `noExternal` gets into it; a devDependency never does by accident.
    skipNodeModulesBundle: true,
    // `node:` stays: some runtimes know the built-in modules by that name only.
    removeNodeProtocol: false,
    dts: {
      compilerOptions: {
        // tsup passes `baseUrl`, which TypeScript 6 calls deprecated.
        ignoreDeprecations: '6.0',
        // Declarations are made against the siblings' built declarations, as a user has them.
        customConditions: [],
      },
    },
    ...overrides,
  };
}
