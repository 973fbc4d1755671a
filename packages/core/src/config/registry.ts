import type { StorageBackend } from '../backend.ts';
import { describe } from '../check.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { nearestName } from '../nearest-name.ts';
import { isBackendConfig } from './backend-config.ts';
import { type BackendOf, type BackendSource, typedOptions } from './backend-source.ts';
import { setupError } from './config-error.ts';
import { createBackend } from './create-backend.ts';
import { canonical, knownBackends } from './known-backends.ts';
import { searchFolders } from './search-folders.ts';

/** The class of a backend. */
export type BackendClass<B extends StorageBackend = StorageBackend> = new (options: never) => B;

/** Loads a backend's class when it is first needed. */
export type BackendLoader = () => BackendClass | Promise<BackendClass>;

/** Where a registry looks for packages. */
export interface RegistryOptions {
  /**
   * Folder or file (a path, or `import.meta.url`) that sees the application's packages, such as that of its config
   * file. The working directory comes next. @default the working directory
   */
  readonly from?: string | URL | undefined;
}

interface State {
  readonly loaders: Map<string, BackendLoader>;
  readonly loading: Map<string, Promise<BackendClass>>;
}

const states = new WeakMap<object, State>();

/**
 * Backend classes by type name, each loaded when it is first needed: `local`, `minio`, `aws-s3` (or `aws_s3`),
 * `azure-blob` (or `azure_blob`), `memory`, and those that are registered.
 *
 * @example
 * const registry = new BackendRegistry();
 * const backend = await registry.create({ type: 'local', name: 'uploads', basePath: './storage' });
 */
export class BackendRegistry {
  constructor(options: RegistryOptions = {}) {
    const loaders = new Map(knownBackends(searchFolders(options.from)));
    states.set(this, { loaders, loading: new Map() });
  }

  /** Names of the types that `load` knows. */
  get types(): readonly string[] {
    return [...stateOf(this).loaders.keys()];
  }

  /**
   * Adds a type, or replaces one: by its class, or by a function that loads it. A bundled application registers every
   * type that it uses, since a bundle has no packages to look into.
   *
   * @throws StorageError `InvalidArgument` when the name or the loader is none
   *
   * @example
   * registry.register('gcs', async () => (await import('my-gcs-backend')).GcsBackend);
   */
  register(type: string, backend: BackendClass | BackendLoader): this {
    if (typeof type !== 'string' || !/^[a-z][a-z0-9_-]*$/.test(type)) {
      throw setupError('InvalidArgument', 'register', `a backend type is named like "my-store", not ${describe(type)}`);
    }
    if (typeof backend !== 'function') {
      const message = `the backend type "${type}" needs a class or a function that loads one, not ${describe(backend)}`;
      throw setupError('InvalidArgument', 'register', message);
    }
    const { loaders, loading } = stateOf(this);
    loaders.set(canonical(type), isBackendClass(backend) ? () => backend : backend);
    loading.delete(canonical(type));
    return this;
  }

  /**
   * The class of a type. Calls that come while it loads share one load; after a failure the next call tries again.
   * Rejects `InvalidConfig` for a type that nobody registered, `BackendNotInstalled` for a package that is not there,
   * with the line that installs it.
   */
  async load(type: string): Promise<BackendClass> {
    const { loaders, loading } = stateOf(this);
    const name = canonical(type);
    const loader = loaders.get(name);
    if (loader === undefined) throw unknownType(type, this.types);
    const shared = loading.get(name) ?? loadClass(name, loader);
    loading.set(name, shared);
    try {
      return await shared;
    } catch (error) {
      if (loading.get(name) === shared) loading.delete(name);
      throw error;
    }
  }

  /**
   * Creates a backend; sends no request. An option of a type or a URL may refer to its value: `env:NAME`,
   * `file:/run/secrets/key`. Rejects as `load` does, and `InvalidConfig` with every fault of the options.
   *
   * @example
   * const backend = await registry.create('file:///srv/files?durability=power');
   */
  async create<S extends BackendSource>(source: S): Promise<BackendOf<S>> {
    if (isBackendConfig(source)) return source.create() as BackendOf<S>;
    const { type, options } = typedOptions(source);
    return (await createBackend(await this.load(type), options, process.env)) as BackendOf<S>;
  }
}

/** The error for a type that a registry does not know. */
export function unknownType(type: unknown, types: readonly string[]): Error {
  const near = typeof type === 'string' ? nearestName(type, types) : undefined;
  const help = near === undefined ? '' : `did you mean ${near}? `;
  const message = `there is no backend type ${describe(type)}: ${help}known are ${types.join(', ')}`;
  return setupError('InvalidConfig', 'load', message);
}

async function loadClass(type: string, loader: BackendLoader): Promise<BackendClass> {
  const loaded = await runLoader(type, loader);
  if (isBackendClass(loaded)) return loaded;
  const message = `what was loaded for the backend type "${type}" is no class of a backend, but ${describe(loaded)}`;
  throw setupError('InvalidConfig', 'load', message);
}

async function runLoader(type: string, loader: BackendLoader): Promise<unknown> {
  try {
    return await loader();
  } catch (error) {
    if (isStorageError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw setupError('BackendNotInstalled', 'load', `the backend type "${type}" could not be loaded: ${why}`, error);
  }
}

/** By its methods and not by `instanceof`: another copy of this package may have made it. */
function isBackendClass(value: unknown): value is BackendClass {
  if (typeof value !== 'function') return false;
  const { prototype } = value as { prototype?: Partial<StorageBackend> };
  return typeof prototype?.retrieve === 'function' && typeof prototype.save === 'function';
}

function stateOf(registry: object): State {
  const state = states.get(registry);
  if (state === undefined) throw new TypeError('a method of BackendRegistry was called without its registry');
  return state;
}
