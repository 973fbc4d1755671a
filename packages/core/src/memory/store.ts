import { StorageError } from '../errors/storage-error.ts';
import { Bucket } from './bucket.ts';
import { bucketNotFound, unauthenticated } from './errors.ts';
import { faultsOfStore, type MemoryStoreOptions, type StoreSettings, settingsOf } from './settings.ts';

/** Name of the bucket that a store has when nothing else is said. */
export const defaultBucketName = 'default';

/**
 * The service behind memory backends: its buckets, who is let in, and how it behaves. Instances that share a store
 * see each other's objects, as two clients of one server do.
 *
 * @example
 * const store = new MemoryStore({ buckets: ['photos'] });
 * const writer = new MemoryBackend({ store, bucketName: 'photos' });
 * const reader = new MemoryBackend({ store, bucketName: 'photos' });
 */
export class MemoryStore {
  /** Throws `InvalidConfig` with every fault of the options. */
  constructor(options: MemoryStoreOptions = {}) {
    const faults = faultsOfStore(options);
    if (faults.length > 0) {
      throw new StorageError(`MemoryStore: ${faults.join('; ')}`, { code: 'InvalidConfig', operation: 'MemoryStore' });
    }
    const accessKeys = options.accessKeys && new Set(options.accessKeys);
    services.set(this, { settings: settingsOf(options), accessKeys, buckets: new Map() });
    for (const name of options.buckets ?? [defaultBucketName]) this.createBucket(name);
  }

  /** Adds an empty bucket; one that is there stays as it is. */
  createBucket(name: string): void {
    const { buckets, settings } = serviceOf(this);
    if (!buckets.has(name)) buckets.set(name, new Bucket(settings));
  }

  /** Removes a bucket and all that is in it. */
  deleteBucket(name: string): void {
    serviceOf(this).buckets.delete(name);
  }
}

interface Service {
  readonly settings: StoreSettings;
  readonly accessKeys: ReadonlySet<string> | undefined;
  readonly buckets: Map<string, Bucket>;
}

// Not fields of the class: what is inside is no part of its type, and two copies of this package stay assignable.
const services = new WeakMap<MemoryStore, Service>();

/** What is behind a store. */
export function serviceOf(store: MemoryStore): Service {
  const service = services.get(store);
  if (service === undefined) throw new TypeError('not a MemoryStore of this copy of @storage/core');
  return service;
}

export function isMemoryStore(value: unknown): value is MemoryStore {
  return typeof value === 'object' && value !== null && services.has(value as MemoryStore);
}

/** Lets a client in, or says why not. */
export function authenticate(store: MemoryStore, accessKey: string | undefined): Service {
  const service = serviceOf(store);
  if (service.accessKeys === undefined) return service;
  if (accessKey === undefined || !service.accessKeys.has(accessKey)) throw unauthenticated();
  return service;
}

/** The bucket of that name, for a client that is let in. */
export function bucketOf(store: MemoryStore, name: string, accessKey: string | undefined): Bucket {
  const bucket = authenticate(store, accessKey).buckets.get(name);
  if (bucket === undefined) throw bucketNotFound(name);
  return bucket;
}
