import type { StorageBackend } from '../backend.ts';
import { describe } from '../check.ts';
import { isStorageError, StorageError } from '../errors/storage-error.ts';
import { nearestName } from '../nearest-name.ts';
import type { Health } from '../operations/health.ts';
import type { BaseOptions } from '../options.ts';
import { isRecord } from '../record.ts';
import { isBackendConfig } from './backend-config.ts';
import { type BackendOf, type BackendSource, typedOptions } from './backend-source.ts';
import { setupError } from './config-error.ts';
import { createBackend } from './create-backend.ts';
import { faultsOfManager } from './manager-faults.ts';
import { faultsOfBackend, type Origin, originError, originOf } from './origin.ts';
import { BackendRegistry } from './registry.ts';

/** Backends by name. */
export type BackendSources = Readonly<Record<string, BackendSource>>;

/** Named backends, and which one is meant when none is named. */
export interface ManagerOptions<
  S extends BackendSources = BackendSources,
  D extends keyof S & string = keyof S & string,
> {
  readonly backends: S;
  /** @default the only backend, where there is but one */
  readonly default?: D | undefined;
  /** Knows the types. @default a new `BackendRegistry` */
  readonly registry?: BackendRegistry | undefined;
}

/** How every backend is; `healthy` when all are. */
export interface ManagerHealth<N extends string = string> {
  readonly healthy: boolean;
  readonly backends: Readonly<Record<N, Health>>;
}

interface State {
  readonly origin: Origin;
  readonly sources: ReadonlyMap<string, BackendSource>;
  readonly defaultName: string | undefined;
  readonly registry: BackendRegistry;
  readonly created: Map<string, Promise<StorageBackend>>;
  closing: Promise<void> | undefined;
}

const states = new WeakMap<object, State>();

/**
 * Several backends from one configuration object. Each is created when it is first asked for, once, and has the type
 * that its configuration tells. Of a type or a URL an option may refer to its value: `env:NAME`, `file:/run/secrets/key`.
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
  const S extends BackendSources = BackendSources,
  const D extends keyof S & string = keyof S & string,
> {
  /** Checks what can be checked without loading a backend. Throws `InvalidConfig` that names every fault at once. */
  constructor(options: ManagerOptions<S, D>) {
    const origin = originOf(options);
    const registry = isRecord(options) ? (options.registry ?? new BackendRegistry()) : new BackendRegistry();
    const faults = [...origin.faults, ...faultsOfManager(options, registry, origin)];
    if (faults.length > 0) throw originError(origin, 'createManager', faults);
    const sources = new Map<string, BackendSource>(Object.entries(options.backends));
    const only = sources.size === 1 ? sources.keys().next().value : undefined;
    const defaultName = options.default ?? only;
    states.set(this, { origin, sources, registry, defaultName, created: new Map(), closing: undefined });
  }

  /** Names of the backends, in the order of the configuration. */
  get names(): readonly (keyof S & string)[] {
    return [...stateOf(this).sources.keys()];
  }

  /**
   * The backend of a name, the default one without: always the same instance. A creation that failed is tried again.
   * Rejects `InvalidArgument` for a name that is not configured, `BackendNotInstalled` for a package that is not there,
   * `InvalidConfig` with every fault of its options.
   */
  async backend<N extends keyof S & string = D>(name?: N): Promise<BackendOf<S[N]>> {
    const state = stateOf(this);
    return (await getBackend(state, chosenName(state, name))) as BackendOf<S[N]>;
  }

  /**
   * Creates every backend and probes its settings, reach and bucket, to fail fast; optional. Rejects with one error that
   * names every fault of every backend's options; when all are right, with those that the services gave.
   */
  async initialize(options?: BaseOptions): Promise<this> {
    const state = stateOf(this);
    const names = [...state.sources.keys()];
    const created = await Promise.allSettled(names.map((name) => createdBackend(state, name)));
    const failures = failuresOf(names, created);
    if (failures.length > 0) throw creationError(state.origin, failures);
    const ready = await Promise.allSettled(
      names.map(async (name) => (await getBackend(state, name)).initialize(options)),
    );
    throwAll(failuresOf(names, ready));
    return this;
  }

  /**
   * How every backend is, all asked at the same time. Resolves when some are ill, also when one cannot be created: test
   * `healthy`, not the result.
   */
  async healthCheck(options?: BaseOptions): Promise<ManagerHealth<keyof S & string>> {
    const state = stateOf(this);
    const names = [...state.sources.keys()];
    const results = await Promise.all(names.map(async (name) => [name, await healthOf(state, name, options)] as const));
    const backends = Object.fromEntries(results) as Record<keyof S & string, Health>;
    return { healthy: results.every(([, { healthy }]) => healthy), backends };
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

function chosenName(state: State, name: string | undefined): string {
  const names = [...state.sources.keys()];
  const chosen = name ?? state.defaultName;
  if (chosen === undefined) {
    const message = `there is no default backend: name one of ${names.join(', ')}, or set ${state.origin.defaultSetting}`;
    throw setupError('InvalidArgument', 'backend', message);
  }
  if (state.sources.has(chosen)) return chosen;
  const near = typeof chosen === 'string' ? nearestName(chosen, names) : undefined;
  const help = near === undefined ? '' : `did you mean ${near}? `;
  const message = `there is no backend ${describe(chosen)}: ${help}configured are ${names.join(', ')}`;
  throw setupError('InvalidArgument', 'backend', message);
}

async function getBackend(state: State, name: string): Promise<StorageBackend> {
  try {
    return await createdBackend(state, name);
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'InvalidConfig') throw error;
    throw originError(state.origin, 'backend', faultsOfBackend(state.origin, name, error), error.cause);
  }
}

/** One creation for all who ask while it runs, and after it; one that failed is forgotten. */
async function createdBackend(state: State, name: string): Promise<StorageBackend> {
  if (state.closing !== undefined) {
    throw setupError('Closed', 'backend', 'this StorageManager was closed; create a new one');
  }
  const creation = state.created.get(name) ?? create(state, name);
  state.created.set(name, creation);
  try {
    return await creation;
  } catch (error) {
    if (state.created.get(name) === creation) state.created.delete(name);
    throw error;
  }
}

/** A backend that has no name of its own gets the one that it is configured under. */
async function create({ registry, sources, origin }: State, name: string): Promise<StorageBackend> {
  const source = sources.get(name);
  if (isBackendConfig(source)) return registry.create(source);
  const { type, options } = typedOptions(source);
  return createBackend(await registry.load(type), { name, ...options }, origin.env);
}

async function healthOf(state: State, name: string, options: BaseOptions | undefined): Promise<Health> {
  try {
    return await (await getBackend(state, name)).healthCheck(options);
  } catch (error) {
    // A wrong argument, or the caller's own doing, is no illness.
    if (!isStorageError(error) || ['InvalidArgument', 'Aborted', 'Closed'].includes(error.code)) throw error;
    return { healthy: false, latencyMs: 0, error };
  }
}

type Failure = readonly [name: string, error: Error];

function failuresOf(names: readonly string[], results: readonly PromiseSettledResult<unknown>[]): Failure[] {
  return results.flatMap((result, index) =>
    result.status === 'rejected' ? [[names[index] ?? '', result.reason as Error] as const] : [],
  );
}

function creationError(origin: Origin, failures: readonly Failure[]): Error {
  const [first, ...more] = failures.map(([, error]) => error);
  // It says all there is to say: what is missing, where it was looked for, how to install it.
  if (first !== undefined && more.length === 0 && !isInvalidConfig(first)) return first;
  const cause = first !== undefined && more.length === 0 ? first.cause : undefined;
  const faults = failures.flatMap(([name, error]) => faultsOfBackend(origin, name, error));
  return originError(origin, 'initialize', faults, cause);
}

function isInvalidConfig(error: Error): boolean {
  return isStorageError(error) && error.code === 'InvalidConfig';
}

function throwAll(failures: readonly Failure[]): void {
  const [first, ...more] = failures.map(([, error]) => error);
  if (first === undefined) return;
  if (more.length === 0 || !isStorageError(first)) throw first;
  const message = failures.map(([name, error]) => `${name}: ${error.message}`).join('; ');
  const cause = new AggregateError([first, ...more], message);
  throw new StorageError(message, { code: first.code, operation: 'initialize', retryable: first.retryable, cause });
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
