import type { StorageBackend } from '../backend.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { setupError } from './config-error.ts';
import { type Fault, faultsOfError, withFaults } from './option-faults.ts';
import type { Environment } from './origin.ts';
import { resolveReferences } from './references.ts';
import type { BackendClass } from './registry.ts';

/** Creates a backend from options in which references stand; rejects with every fault of both. */
export async function createBackend(
  Backend: BackendClass,
  options: Readonly<Record<string, unknown>>,
  env: Environment,
): Promise<StorageBackend> {
  const resolved = await resolveReferences(options, env);
  if (resolved.faults.length === 0) return new Backend(resolved.options as never);
  const others = faultsOfOthers(Backend, resolved.options, resolved.faults);
  const faults = [...resolved.faults, ...others];
  const message = faults.map((fault) => `${fault.path.slice(1)} ${fault.message}`.trim()).join('; ');
  throw withFaults(setupError('InvalidConfig', 'createConfig', `the options: ${message}`), faults);
}

/** What would have been wrong too: the option at fault still holds its reference, so that its own fault is known. */
function faultsOfOthers(Backend: BackendClass, options: object, known: readonly Fault[]): readonly Fault[] {
  try {
    // Creating one sends nothing and opens nothing.
    new Backend(options as never);
    return [];
  } catch (error) {
    if (!isStorageError(error)) throw error;
    const faults = faultsOfError(error) ?? [{ path: '', message: error.message }];
    return faults.filter(({ path }) => path === '' || !known.some((fault) => fault.path === path));
  }
}
