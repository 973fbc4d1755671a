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

/** The options that buckets need, complete. */
export interface StoreSettings {
  readonly versions: boolean;
  readonly minPartSize: number;
  readonly singlePut: { readonly maxSize: number; readonly unknownSize: boolean };
  readonly restoreDelayMs: number;
  readonly clock: () => number;
}

export function settingsOf(options: MemoryStoreOptions): StoreSettings {
  return {
    versions: options.versions ?? true,
    minPartSize: options.minPartSize ?? memoryCapabilities.multipart.minPartSize,
    singlePut: options.singlePut ?? memoryCapabilities.singlePut,
    restoreDelayMs: options.restoreDelayMs ?? 0,
    clock: options.clock ?? Date.now,
  };
}

/** Every fault of the options, in words; none when they are valid. */
export function faultsOfStore(options: MemoryStoreOptions): string[] {
  const { buckets, accessKeys, versions, minPartSize, singlePut, restoreDelayMs, clock } = options;
  const rules: readonly (readonly [holds: boolean, fault: string])[] = [
    [buckets === undefined || areNames(buckets), 'buckets must be an array of names'],
    [accessKeys === undefined || areNames(accessKeys), 'accessKeys must be an array of names'],
    [versions === undefined || typeof versions === 'boolean', 'versions must be true or false'],
    [minPartSize === undefined || isCount(minPartSize), 'minPartSize must be a whole number of bytes'],
    [singlePut === undefined || isPutLimit(singlePut), 'singlePut must be { maxSize: bytes, unknownSize: boolean }'],
    [restoreDelayMs === undefined || isCount(restoreDelayMs), 'restoreDelayMs must be a whole number of milliseconds'],
    [clock === undefined || typeof clock === 'function', 'clock must be a function'],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => fault);
}

/** Whether a value can name a bucket or an access key. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function areNames(values: unknown): boolean {
  return Array.isArray(values) && values.every(isName);
}

function isPutLimit(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'maxSize' in value && isCount(value.maxSize) && 'unknownSize' in value && typeof value.unknownSize === 'boolean'
  );
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
