import { type BackendOptions, type BackendSettings, backendFields } from '../config/backend-options.ts';
import { defineOptions, type OptionsSchema } from '../config/check-options.ts';
import { flag, instance, text } from '../config/fields.ts';
import { optional, withDefault } from '../config/structures.ts';
import { defaultBucketName, type MemoryStoreOptions, storeFields } from './settings.ts';
import { isMemoryStore, type MemoryStore } from './store.ts';

/** Options of `MemoryBackend`: a `store` to share, or those of the one that it makes for itself. */
export interface MemoryOptions extends BackendOptions, MemoryStoreOptions {
  /** @default a new store, made with the other options */
  readonly store?: MemoryStore | undefined;
  /** @default 'default' */
  readonly bucketName?: string | undefined;
  /** Create the bucket when it is missing. @default false */
  readonly createBucket?: boolean | undefined;
  /** Needed where the store has `accessKeys`. */
  readonly accessKey?: string | undefined;
}

/** The options, checked and complete. */
export interface MemorySettings extends BackendSettings, Required<MemoryStoreOptions> {
  readonly store: MemoryStore | undefined;
  readonly bucketName: string;
  readonly createBucket: boolean;
  readonly accessKey: string | undefined;
}

const storeNames = Object.keys(storeFields) as (keyof MemoryStoreOptions)[];

/** How the options are checked, for the constructor and for `createConfig`. */
export const memorySchema: OptionsSchema<MemorySettings> = defineOptions({
  backend: 'MemoryBackend',
  fields: {
    ...backendFields,
    ...storeFields,
    store: optional(instance<MemoryStore>('a MemoryStore', isMemoryStore)),
    bucketName: withDefault(text(), defaultBucketName),
    createBucket: withDefault(flag(), false),
    accessKey: optional(text({ secret: true })),
  },
  rules: [{ of: ['store', ...storeNames], check: storeIsGivenOrDescribed }],
});

function storeIsGivenOrDescribed(settings: MemorySettings): string | undefined {
  const described = storeNames.filter((name) => settings[name] !== undefined);
  if (settings.store === undefined || described.length === 0) return undefined;
  return `${described.join(', ')}: give this to the MemoryStore, it is no matter of one instance that shares it`;
}
