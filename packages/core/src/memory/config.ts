import { StorageError } from '../errors/storage-error.ts';
import { faultsOfStore, isName, type MemoryStoreOptions } from './settings.ts';
import { defaultBucketName, isMemoryStore, MemoryStore } from './store.ts';

/** Options of the memory backend: a `store` to share, or those of the one that it makes for itself. */
export interface MemoryOptions extends MemoryStoreOptions {
  /** @default a new store with the other options */
  readonly store?: MemoryStore | undefined;
  /** @default 'default' */
  readonly bucketName?: string | undefined;
  /** Create the bucket when it is missing. @default false */
  readonly createBucket?: boolean | undefined;
  /** Needed where the store names `accessKeys`. */
  readonly accessKey?: string | undefined;
}

/** The options, checked and complete. */
export interface MemoryConfig {
  readonly store: MemoryStore;
  readonly bucketName: string;
  readonly createBucket: boolean;
  readonly accessKey: string | undefined;
}

/** Checks the options and fills in the defaults; throws `InvalidConfig` with every fault at once. */
export function parseOptions(options: MemoryOptions): MemoryConfig {
  const { store, bucketName = defaultBucketName, createBucket = false, accessKey, ...storeOptions } = options;
  const rules: readonly (readonly [holds: boolean, fault: string])[] = [
    [store === undefined || isMemoryStore(store), 'store must be a MemoryStore'],
    [store === undefined || !hasValue(storeOptions), 'options of the store belong to the MemoryStore that is given'],
    [isName(bucketName), 'bucketName must be a string that is not empty'],
    [typeof createBucket === 'boolean', 'createBucket must be true or false'],
    [accessKey === undefined || isName(accessKey), 'accessKey must be a string that is not empty'],
  ];
  const faults = [...rules.filter(([holds]) => !holds).map(([, fault]) => fault), ...faultsOfStore(storeOptions)];
  if (faults.length > 0) {
    throw new StorageError(`memory: ${faults.join('; ')}`, { code: 'InvalidConfig', operation: 'createConfig' });
  }
  return { store: store ?? new MemoryStore(storeOptions), bucketName, createBucket, accessKey };
}

function hasValue(options: object): boolean {
  return Object.values(options).some((value) => value !== undefined);
}
