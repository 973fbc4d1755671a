import { checkOptions, defineOptions } from '../config/check-options.ts';
import { count, flag, instance, text } from '../config/fields.ts';
import { type Fields, group, list, optional } from '../config/structures.ts';
import { memoryCapabilities } from './capabilities.ts';

/** What a `MemoryStore` may be told; all of it is what a service decides, not its client. */
export interface MemoryStoreOptions {
  /** Names of the buckets that are there from the start. @default ['default'] */
  readonly buckets?: readonly string[] | undefined;
  /** Access keys that are let in; others are `Unauthenticated`. @default everyone, without a key too */
  readonly accessKeys?: readonly string[] | undefined;
  /** Keep what is overwritten or deleted, in memory and without limit. @default true */
  readonly versions?: boolean | undefined;
  /** Bytes of the smallest part that is not the last of its upload. @default 1 */
  readonly minPartSize?: number | undefined;
  /** What one put may carry; tests of uploads in parts lower it. @default 2 GiB, of unknown size too */
  readonly singlePut?: { readonly maxSize: number; readonly unknownSize: boolean } | undefined;
  /** Milliseconds that an archived object takes to become readable. @default 0 */
  readonly restoreDelayMs?: number | undefined;
  /** The time, in milliseconds since 1970. @default Date.now */
  readonly clock?: (() => number) | undefined;
}

/** Name of the bucket where nothing else is said. */
export const defaultBucketName = 'default';

/** The options of a store, complete. */
export interface StoreSettings {
  readonly buckets: readonly string[];
  readonly accessKeys: readonly string[] | undefined;
  readonly versions: boolean;
  readonly minPartSize: number;
  readonly singlePut: { readonly maxSize: number; readonly unknownSize: boolean };
  readonly restoreDelayMs: number;
  readonly clock: () => number;
}

/** The fields of `MemoryStoreOptions`. */
export const storeFields: Fields<Required<MemoryStoreOptions>> = {
  buckets: optional(list(text())),
  accessKeys: optional(list(text({ secret: true }))),
  versions: optional(flag()),
  minPartSize: optional(count()),
  singlePut: optional(group({ maxSize: count(), unknownSize: flag() })),
  restoreDelayMs: optional(count()),
  clock: optional(instance<() => number>('a function', (value) => typeof value === 'function')),
};

/** The options, checked and complete; throws `InvalidConfig` with every fault at once. */
export function parseStoreOptions(options: MemoryStoreOptions): StoreSettings {
  const checked = checkOptions(defineOptions({ backend: 'MemoryStore', fields: storeFields }), options);
  return {
    buckets: checked.buckets ?? [defaultBucketName],
    accessKeys: checked.accessKeys,
    versions: checked.versions ?? true,
    minPartSize: checked.minPartSize ?? memoryCapabilities.multipart.minPartSize,
    singlePut: checked.singlePut ?? memoryCapabilities.singlePut,
    restoreDelayMs: checked.restoreDelayMs ?? 0,
    clock: checked.clock ?? Date.now,
  };
}
