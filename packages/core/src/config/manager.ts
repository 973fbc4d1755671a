import type { StorageBackend } from '../backend.ts';
import { describe } from '../check.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { nearestName } from '../nearest-name.ts';
import { isRecord } from '../record.ts';
import { isBackendConfig } from './backend-config.ts';
import { type BackendOf, type BackendSource, typedOptions } from './backend-source.ts';
import { setupError } from './config-error.ts';
import { canonical } from './known-backends.ts';
import { BackendRegistry, unknownType } from './registry.ts';

/** Named backends, and which one is meant when none is named. */
export interface ManagerOptions<S extends Readonly<Record<string, BackendSource>>, D extends keyof S & string> {
  readonly backends: S;
  /** @default the only backend, where there is but one */
  readonly default?: D | undefined;
  /** Knows the types. @default a new `BackendRegistry` */
  readonly registry?: BackendRegistry | undefined;
}

interface State {
  readonly sources: ReadonlyMap<string, BackendSource>;
  readonly defaultName: string | undefined;
  readonly registry: BackendRegistry;
  readonly created: Map<string, Promise<StorageBackend>>;
  closing: Promise<void> | undefined;
}

const states = new WeakMap<object, State>();

/**
 * Several backends from one configuration object. Each is created when it is first asked for, once, and has the type
 * that its configuration tells.
 *
 * @example
 * await using storage = new StorageManager({
 *   backends: {
 *     uploads: LocalBackend.createConfig({ name: 'uploads', basePath: './storage' }),
 *     archive: 's3://my-archive?region=eu-west-1',
 *   },
 *   default: 'uploads',
 * });
 * const uploads = await storage.backend('uploads'); // a LocalBackend
 */
export class StorageManager<
  const S extends Readonly<Record<string, BackendSource>>,
  const D extends keyof S & string = keyof S & string,
> {
  /** Checks what can be checked without loading a backend. Throws `InvalidConfig` that names every fault at once. */
  constructor(options: ManagerOptions<S, D>) {
    if (!isRecord(options) || !isRecord(options.backends)) {
      throw setupError('InvalidConfig', 'createManager', 'a StorageManager needs { backends: { name: config, … } }');
    }
    const registry = options.registry ?? new BackendRegistry();
    const sources = new Map<string, BackendSource>(Object.entries(options.backends));
    const faults = [...faultsOfSources(sources, registry), ...faultsOfDefault(options.default, [...sources.keys()])];
    if (faults.length > 0) throw setupError('InvalidConfig', 'createManager', faults.join('; '));
    const only = sources.size === 1 ? sources.keys().next().value : undefined;
    const defaultName = options.default ?? only;
    states.set(this, { sources, registry, defaultName, created: new Map(), closing: undefined });
  }

  /** Names of the backends, in the order of the configuration. */
  get names(): readonly (keyof S & string)[] {
    return [...stateOf(this).sources.keys()];
  }

  /**
   * The backend of a name, the default one without: always the same instance. A creation that failed is tried again.
   * Rejects `InvalidArgument` for a name that is not configured, otherwise as `BackendRegistry.create` does.
   */
  async backend<N extends keyof S & string = D>(name?: N): Promise<BackendOf<S[N]>> {
    const state = stateOf(this);
    if (state.closing !== undefined) {
      throw setupError('Closed', 'backend', 'this StorageManager was closed; create a new one');
    }
    const { chosen, source } = choose(state, name);
    const creation = state.created.get(chosen) ?? create(state.registry, chosen, source);
    state.created.set(chosen, creation);
    try {
      return (await creation) as BackendOf<S[N]>;
    } catch (error) {
      if (state.created.get(chosen) === creation) state.created.delete(chosen);
      throw error;
    }
  }

  /** Closes every backend that was created; idempotent. Rejects with the first failure, after all were tried. */
  close(): Promise<void> {
    const state = stateOf(this);
    state.closing ??= closeAll(state.created.values());
    return state.closing;
  }

  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function faultsOfSources(sources: ReadonlyMap<string, BackendSource>, registry: BackendRegistry): string[] {
  if (sources.size === 0) return ['backends is empty: give at least one'];
  return [...sources].flatMap(([name, source]) => {
    try {
      if (isBackendConfig(source)) return [];
      const { type } = typedOptions(source);
      if (!registry.types.includes(canonical(type))) throw unknownType(type, registry.types);
      return [];
    } catch (error) {
      if (!isStorageError(error)) throw error;
      return [`backends.${name}: ${error.message}`];
    }
  });
}

function faultsOfDefault(name: unknown, names: readonly string[]): string[] {
  if (name === undefined || names.includes(name as string)) return [];
  return [`default is ${describe(name)}, which is none of the backends (${names.join(', ')})`];
}

function choose(state: State, name: string | undefined): { readonly chosen: string; readonly source: BackendSource } {
  const names = [...state.sources.keys()];
  const chosen = name ?? state.defaultName;
  if (chosen === undefined) {
    const message = `there is no default backend: name one of ${names.join(', ')}, or set default`;
    throw setupError('InvalidArgument', 'backend', message);
  }
  const source = state.sources.get(chosen);
  if (source !== undefined) return { chosen, source };
  const near = typeof chosen === 'string' ? nearestName(chosen, names) : undefined;
  const help = near === undefined ? '' : `did you mean ${near}? `;
  const message = `there is no backend ${describe(chosen)}: ${help}configured are ${names.join(', ')}`;
  throw setupError('InvalidArgument', 'backend', message);
}

/** A backend that has no name of its own gets the one that it is configured under. */
async function create(registry: BackendRegistry, name: string, source: BackendSource): Promise<StorageBackend> {
  if (isBackendConfig(source)) return registry.create(source);
  const { type, options } = typedOptions(source);
  return registry.create({ name, ...options, type });
}

async function closeAll(created: Iterable<Promise<StorageBackend>>): Promise<void> {
  const results = await Promise.allSettled([...created].map(closeOne));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function closeOne(creation: Promise<StorageBackend>): Promise<void> {
  const backend = await creation.catch(() => undefined);
  // A backend that could not be created has nothing to close; whoever asked for it has the error.
  await backend?.close();
}

function stateOf(manager: object): State {
  const state = states.get(manager);
  if (state === undefined) throw new TypeError('a method of StorageManager was called without its manager');
  return state;
}
