import { Bucket } from './bucket.ts';
import { bucketNotFound, unauthenticated } from './errors.ts';
import { type MemoryStoreOptions, parseStoreOptions, type StoreSettings } from './settings.ts';

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
    const settings = parseStoreOptions(options);
    services.set(this, { settings, buckets: new Map() });
    for (const name of settings.buckets) this.createBucket(name);
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
  const { accessKeys } = service.settings;
  if (accessKeys === undefined || (accessKey !== undefined && accessKeys.includes(accessKey))) return service;
  throw unauthenticated();
}

/** The bucket of that name, for a client that is let in. */
export function bucketOf(store: MemoryStore, name: string, accessKey: string | undefined): Bucket {
  const bucket = authenticate(store, accessKey).buckets.get(name);
  if (bucket === undefined) throw bucketNotFound(name);
  return bucket;
}
