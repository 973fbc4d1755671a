import { isStorageError } from '../errors/storage-error.ts';
import { nearestName } from '../nearest-name.ts';
import type { BackendSource } from './backend-source.ts';
import { type BackendSources, StorageManager } from './manager.ts';
import { type Environment, withOrigin } from './origin.ts';
import type { BackendRegistry } from './registry.ts';
import { parseStorageUrl } from './storage-url.ts';
import { fromText } from './text-options.ts';

/** Options of `storageFromEnv`. */
export interface FromEnvOptions {
  /** @default process.env */
  readonly env?: Environment | undefined;
  /** Knows the types. @default a new `BackendRegistry` */
  readonly registry?: BackendRegistry | undefined;
}

/** The variables of one backend: by the path of their option, such as `.versions.keep`. */
interface Block {
  readonly prefix: string;
  readonly variables: Map<string, { readonly variable: string; readonly value: string }>;
}

/**
 * Backends that the environment describes. `STORAGE_BACKENDS=uploads,archive` names them, `STORAGE_DEFAULT` one of them;
 * each has `STORAGE_<NAME>_TYPE`, or `STORAGE_<NAME>_URL`, and its options: `STORAGE_UPLOADS_BASE_PATH` is `basePath`,
 * `STORAGE_UPLOADS_VERSIONS__KEEP` is `versions.keep`.
 *
 * @throws StorageError `InvalidConfig` that names every variable at fault
 *
 * @example
 * await using storage = await storageFromEnv().initialize();
 * const uploads = await storage.backend('uploads');
 */
export function storageFromEnv(options: FromEnvOptions = {}): StorageManager {
  const { env = process.env, registry } = options;
  const faults: string[] = [];
  const names = namesIn(env, faults);
  const blocks = blocksOf(names, env, faults);
  const backends: BackendSources = Object.fromEntries(
    [...blocks].map(([name, block]) => [name, sourceOf(block, env, faults)]),
  );
  const setting = (name: string, path: string): string => {
    const { prefix, variables } = blocks.get(name) ?? { prefix: '', variables: new Map<string, never>() };
    if (path === '') return `${prefix}*`;
    const given = variables.get(path)?.variable;
    if (given !== undefined || !variables.has('.url')) return given ?? prefix + variableOf(path);
    return `${prefix}URL: ${path.slice(1)}`;
  };
  const origin = { title: 'the environment', env, faults, setting, defaultSetting: 'STORAGE_DEFAULT' };
  return new StorageManager(withOrigin({ backends, default: defaultIn(env), registry }, origin));
}

/** `STORAGE_DEFAULT`, as the manager checks it: a list is one name too many. */
export function defaultIn(env: Environment): string | undefined {
  const given = env['STORAGE_DEFAULT'];
  const names = given?.split(',').map((name) => name.trim());
  return (names === undefined || names.length === 1 ? names?.[0] : names) as string | undefined;
}

function namesIn(env: Environment, faults: string[]): string[] {
  const given = env['STORAGE_BACKENDS'];
  if (given === undefined || given.trim() === '') {
    faults.push(
      `STORAGE_BACKENDS is ${given === undefined ? 'missing' : 'empty'}: name the backends, as in uploads,archive`,
    );
    return [];
  }
  const names = given.split(',').map((name) => name.trim());
  const wrong = names.filter((name) => !/^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/i.test(name));
  for (const name of wrong) {
    faults.push(`STORAGE_BACKENDS has ${JSON.stringify(name)}: a name has letters, digits, and single - or _ inside`);
  }
  return names.filter((name) => !wrong.includes(name));
}

/** Each variable goes to the backend whose name is the longest that it begins with: to `user-files` rather than `user`. */
function blocksOf(names: readonly string[], env: Environment, faults: string[]): Map<string, Block> {
  const blocks = new Map<string, Block>();
  for (const name of names) {
    const prefix = `STORAGE_${name.toUpperCase().replaceAll('-', '_')}_`;
    const same = [...blocks].find(([, block]) => block.prefix === prefix);
    if (same === undefined) blocks.set(name, { prefix, variables: new Map() });
    else faults.push(`STORAGE_BACKENDS names ${same[0]} and ${name}, whose variables both begin with ${prefix}`);
  }
  const longestFirst = [...blocks.values()].sort((a, b) => b.prefix.length - a.prefix.length);
  for (const [variable, value] of Object.entries(env)) {
    const block = longestFirst.find(({ prefix }) => variable.startsWith(prefix));
    if (block === undefined || value === undefined) continue;
    if (value === '') faults.push(`${variable} is empty: give it a value, or remove it`);
    block.variables.set(pathOf(variable.slice(block.prefix.length)), { variable, value });
  }
  return blocks;
}

function sourceOf(block: Block, env: Environment, faults: string[]): BackendSource {
  const { prefix, variables } = block;
  const { type, url, ...options } = optionsOf(prefix, variables, faults);
  // What is empty or missing is a fault already; something has to stand there for the faults of the others to be found.
  const placeholder = { type: 'memory' };
  if (url !== undefined) {
    if (type !== undefined)
      faults.push(`${prefix}TYPE and ${prefix}URL are both set: the URL says the type; remove one`);
    return typeof url !== 'string' || url === '' ? placeholder : (fromUrl(block, url, options, faults) ?? placeholder);
  }
  if (type === undefined) faults.push(`${prefix}TYPE is missing: ${helpWithType(prefix, env)}`);
  return typeof type === 'string' && type !== '' ? { type, ...fromText(options) } : placeholder;
}

function fromUrl({ prefix }: Block, url: string, more: object, faults: string[]): BackendSource | undefined {
  try {
    const { type, options } = parseStorageUrl(url);
    const twice = Object.keys(more).filter((name) => Object.hasOwn(options, name));
    faults.push(...twice.map((name) => `${prefix}${variableOf(`.${name}`)} is in ${prefix}URL too: remove one`));
    return { type, ...fromText({ ...options, ...more }) };
  } catch (error) {
    if (!isStorageError(error)) throw error;
    faults.push(`${prefix}URL: ${error.message}`);
    return undefined;
  }
}

function helpWithType(prefix: string, env: Environment): string {
  const near = nearestName(`${prefix}TYPE`, Object.keys(env));
  return near === undefined ? `set it to the type of the backend, such as local` : `is it meant by ${near}?`;
}

function optionsOf(prefix: string, variables: Block['variables'], faults: string[]): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  // The shorter paths first: a member meets what was given for its group as a whole.
  for (const [path, { variable, value }] of [...variables].sort(([a], [b]) => a.length - b.length)) {
    const members = path.slice(1).split('.');
    const last = members.pop() ?? '';
    const group = groupOf(options, members);
    if (group === undefined)
      faults.push(
        `${variable} is a part of what ${prefix}${variableOf(`.${members.join('.')}`)} sets as a whole: remove one`,
      );
    else group[last] = value;
  }
  return options;
}

/** The object of a group of options; undefined where a text stands in its place. */
function groupOf(options: Record<string, unknown>, members: readonly string[]): Record<string, unknown> | undefined {
  let group: unknown = options;
  for (const member of members) {
    if (typeof group !== 'object' || group === null) return undefined;
    const parent = group as Record<string, unknown>;
    if (!Object.hasOwn(parent, member)) parent[member] = {};
    group = parent[member];
  }
  return typeof group === 'object' ? (group as Record<string, unknown>) : undefined;
}

/** `VERSIONS__MAX_AGE` is `.versions.maxAge`. */
function pathOf(name: string): string {
  const camel = (part: string): string =>
    part.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return name
    .split('__')
    .map((part) => `.${camel(part)}`)
    .join('');
}

function variableOf(path: string): string {
  return path
    .slice(1)
    .replace(/[A-Z]/g, (letter) => `_${letter}`)
    .replaceAll('.', '__')
    .toUpperCase();
}
