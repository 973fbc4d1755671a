/** Configuration from a file or from the environment; apart, so that whoever configures in code does not load it. */

export type { FromFileOptions } from './config-file.ts';
export { storageFromFile } from './config-file.ts';
export { defineStorage } from './define-storage.ts';
export type { FromEnvOptions } from './environment.ts';
export { storageFromEnv } from './environment.ts';
export { loadStorage } from './load-storage.ts';
