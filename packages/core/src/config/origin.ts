import { setupError } from './config-error.ts';
import { type Fault, faultsOfError } from './option-faults.ts';

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a configuration comes from: what it is called in messages, and what was wrong when it was read. */
export interface Origin {
  /** Begins the message: `the environment`, `storage.config.yaml`. */
  readonly title: string;
  /** Where references such as `env:NAME` look. */
  readonly env: Environment;
  readonly faults: readonly string[];
  /** How a setting is written there: `path` is `''`, or such as `.versions.keep`, below the backend. */
  setting(backend: string, path: string): string;
  /** How the name of the default backend is written there. */
  readonly defaultSetting: string;
}

const origins = new WeakMap<object, Origin>();

/** Names the settings of an object in a program as that object does. */
export const objectOrigin: Origin = {
  title: 'the configuration',
  env: process.env,
  faults: [],
  setting: (backend, path) => `backends.${backend}${path}`,
  defaultSetting: 'default',
};

/** Options, with where they come from. */
export function withOrigin<T extends object>(options: T, origin: Origin): T {
  origins.set(options, origin);
  return options;
}

export function originOf(options: object): Origin {
  return origins.get(options) ?? objectOrigin;
}

/** The error of a configuration, with all its faults. */
export function originError(origin: Origin, operation: string, faults: readonly string[], cause?: unknown): Error {
  const [only = 'is not valid', ...more] = faults;
  const message =
    more.length === 0
      ? `${origin.title}: ${only}`
      : `${origin.title} has ${faults.length} faults: ${faults.join('; ')}`;
  return setupError('InvalidConfig', operation, message, cause);
}

/** What is wrong with one backend, each with the setting that it is about. */
export function faultsOfBackend(origin: Origin, backend: string, error: Error): string[] {
  const faults = faultsOfError(error);
  if (faults === undefined) return [`${origin.setting(backend, '')}: ${error.message}`];
  return faults.map((fault) => sentence(origin, backend, fault));
}

function sentence(origin: Origin, backend: string, { path, message, near }: Fault): string {
  // A rule between options has no path.
  if (path === '') return `${origin.setting(backend, '')}: ${message}`;
  const setting = origin.setting(backend, path);
  if (near === undefined) return `${setting} ${message}`;
  const meant = origin.setting(backend, path.replace(/[^.]*$/, near));
  return `${setting} is not an option: did you mean ${meant}?`;
}
