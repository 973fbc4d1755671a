import type { BackendSources, ManagerOptions } from './manager.ts';

/**
 * The default export of a `storage.config.ts`, with its types: returned as it is.
 *
 * @example
 * export default defineStorage({
 *   backends: { uploads: { type: 'local', basePath: './storage' }, archive: 's3://my-archive?region=eu-west-1' },
 *   default: 'uploads',
 * });
 */
export function defineStorage<const S extends BackendSources, const D extends keyof S & string = keyof S & string>(
  options: ManagerOptions<S, D>,
): ManagerOptions<S, D> {
  return options;
}
