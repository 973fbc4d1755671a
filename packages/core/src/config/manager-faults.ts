import { describe } from '../check.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { nearestName } from '../nearest-name.ts';
import { isRecord } from '../record.ts';
import { isBackendConfig } from './backend-config.ts';
import { typedOptions } from './backend-source.ts';
import { canonical } from './known-backends.ts';
import type { Origin } from './origin.ts';
import { type BackendRegistry, unknownType } from './registry.ts';

const settings = ['backends', 'default', 'registry'];

/** What is wrong with the options of a manager, as far as it shows before a backend is loaded. */
export function faultsOfManager(options: unknown, registry: BackendRegistry, origin: Origin): string[] {
  if (!isRecord(options)) return [notAnObject(options)];
  const { backends } = options;
  const unknown = Object.keys(options)
    .filter((name) => !settings.includes(name))
    .map((name) => unknownSetting(name));
  if (!isRecord(backends)) return [...unknown, `backends must be an object { name: …, … }, not ${describe(backends)}`];
  const names = Object.keys(backends);
  // Whoever read them has said why there are none.
  if (names.length === 0)
    return origin.faults.length > 0 ? unknown : [...unknown, 'backends is empty: give at least one'];
  return [
    ...unknown,
    ...names.flatMap((name) => faultsOfSource(name, backends[name], registry, origin)),
    ...faultsOfDefault(options['default'], names, origin),
  ];
}

/** What is wrong with a configuration that is none. */
export function notAnObject(options: unknown): string {
  return `it must be an object { backends: { name: …, … }, default }, not ${describe(options)}`;
}

function unknownSetting(name: string): string {
  const near = nearestName(name, settings);
  return `${name} is no setting${near === undefined ? `: there are ${settings.join(', ')}` : `: did you mean ${near}?`}`;
}

function faultsOfSource(name: string, source: unknown, registry: BackendRegistry, origin: Origin): string[] {
  try {
    if (isBackendConfig(source)) return [];
    const { type } = typedOptions(source);
    if (registry.types.includes(canonical(type))) return [];
    return [`${origin.setting(name, '.type')}: ${unknownType(type, registry.types).message}`];
  } catch (error) {
    if (!isStorageError(error)) throw error;
    return [`${origin.setting(name, '')}: ${error.message}`];
  }
}

function faultsOfDefault(name: unknown, names: readonly string[], { defaultSetting }: Origin): string[] {
  if (name === undefined || names.includes(name as string)) return [];
  if (Array.isArray(name))
    return [`${defaultSetting} names ${name.length} backends: choose one of ${names.join(', ')}`];
  return [`${defaultSetting} is ${describe(name)}, which is none of the backends (${names.join(', ')})`];
}
