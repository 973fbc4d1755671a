import { readFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setupError } from './config-error.ts';
import { installLine } from './package-manager.ts';
import { importUrl, resolvePackage } from './resolve-package.ts';
import { searchFolders } from './search-folders.ts';

/**
 * What a config file says, as yet unchecked. TypeScript is read by Node.js itself, YAML by the package `yaml` of the
 * application. Rejects `InvalidConfig`, never with the text of the file: it may hold secrets.
 */
export async function readConfigFile(path: string): Promise<unknown> {
  const ending = extname(path);
  if (/^\.[cm]?[jt]s$/.test(ending)) return importConfig(path);
  if (ending !== '.json' && !/^\.ya?ml$/.test(ending)) {
    throw refused(path, `ends in ${JSON.stringify(ending)}: it must be .ts, .js, .json, .yaml or .yml`);
  }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw refused(path, `cannot be read (${why}): check its path and its permissions`, error);
  });
  return ending === '.json' ? parseJson(path, text) : parseYaml(path, text);
}

async function importConfig(path: string): Promise<unknown> {
  const exported = await importUrl(pathToFileURL(path).href).catch((error: unknown) => {
    throw refused(path, whyNotImported(error), error);
  });
  if ('default' in exported) return exported['default'];
  throw refused(path, 'has no default export: export default { backends: { … } }');
}

function whyNotImported(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return 'is TypeScript, which this Node.js does not read: use Node.js 22.18 or later, or write storage.config.js';
  }
  return `threw when it was read: ${message ?? String(error)}`;
}

function parseJson(path: string, text: string): unknown {
  const lineOf = (index: number): number => text.slice(0, index).split('\n').length;
  try {
    const value: unknown = JSON.parse(text);
    const twice = repeatedName(text);
    if (twice === undefined) return value;
    throw refused(path, `has ${twice.name} twice in one object: look at line ${lineOf(twice.index)}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The message shows a piece of the text, which may be a secret; the place in it is enough.
    const place = /at position (\d+)/.exec(error.message)?.[1];
    throw refused(path, `is not valid JSON${place === undefined ? '' : `: look at line ${lineOf(Number(place))}`}`);
  }
}

/** Of two settings of one name JSON keeps the last without a word; YAML refuses them. */
function repeatedName(json: string): { readonly name: string; readonly index: number } | undefined {
  const names: (Set<string> | undefined)[] = [];
  for (const { 0: token, 1: name, index } of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{') names.push(new Set());
    else if (token === '[') names.push(undefined);
    else if (token === '}' || token === ']') names.pop();
    else if (name !== undefined) {
      if (names.at(-1)?.has(name)) return { name, index };
      names.at(-1)?.add(name);
    }
  }
  return undefined;
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { parseDocument } = (await importYaml(path)) as { parseDocument: (text: string) => YamlDocument };
  const document = parseDocument(text);
  const [fault] = document.errors;
  // As for JSON, its message shows the line.
  if (fault !== undefined) {
    const line = fault.linePos === undefined ? '' : `: look at line ${fault.linePos[0].line}`;
    throw refused(path, `is not valid YAML (${fault.code})${line}`);
  }
  try {
    return document.toJS();
  } catch {
    throw refused(path, 'is not valid YAML: it has an alias (*name) without its anchor (&name); quote a text with *');
  }
}

/** The little of the package `yaml` that is used. */
interface YamlDocument {
  readonly errors: readonly { readonly code: string; readonly linePos?: readonly [{ readonly line: number }] }[];
  toJS(): unknown;
}

async function importYaml(path: string): Promise<Readonly<Record<string, unknown>>> {
  const folder = dirname(path);
  const found = resolvePackage('yaml', searchFolders(folder));
  if ('url' in found) return importUrl(found.url);
  throw refused(path, `needs the package yaml: install it with: ${installLine('yaml', folder)}; or write JSON`);
}

function refused(path: string, why: string, cause?: unknown): Error {
  return setupError('InvalidConfig', 'loadStorage', `${basename(path)} ${why} (${path})`, cause);
}
