import type { StorageObserver } from '../observe/events.ts';
import type { StorageLogger } from '../observe/logger.ts';
import type { RetryOptions } from '../retry/policy.ts';
import { count, flag, instance, oneOf, text, timer } from './fields.ts';
import { either, type Fields, group, list, optional, withDefault } from './structures.ts';

/** What every backend takes. */
export interface BackendOptions {
  /** Names this instance in errors, events and logs. @default its type */
  readonly name?: string | undefined;
  /** Milliseconds that each call may take, retries included. @default no limit */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds without progress after which a request or a body is given up. @default 30000 */
  readonly idleTimeoutMs?: number | undefined;
  /** How failed requests are tried again; `false`: not at all. @default 5 attempts */
  readonly retry?: RetryOptions | false | undefined;
  /** `'any'`: writes take every key that the service can hold, not only portable ones. @default 'portable' */
  readonly keys?: 'portable' | 'any' | undefined;
  /**
   * Refuse a write whose key is a folder of another key where the service would hide one of them. Costs requests, and
   * is not atomic. @default false
   */
  readonly checkKeyConflicts?: boolean | undefined;
  /** Receives an event for everything that calls do. */
  readonly observer?: StorageObserver | readonly StorageObserver[] | undefined;
  /** Receives a structured line for every call, retry and failure: pino, or a logger of that shape. */
  readonly logger?: StorageLogger | undefined;
  /** Prints a line per event to standard error. @default whether STORAGE_DEBUG is set */
  readonly debug?: boolean | undefined;
}

/** `BackendOptions`, checked; `StorageBackend` has the defaults. */
export interface BackendSettings {
  readonly name: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly idleTimeoutMs: number;
  readonly retry: RetryOptions | false | undefined;
  readonly keys: 'portable' | 'any';
  readonly checkKeyConflicts: boolean;
  readonly observer: StorageObserver | readonly StorageObserver[] | undefined;
  readonly logger: StorageLogger | undefined;
  readonly debug: boolean | undefined;
}

const retryFields = group({
  attempts: optional(count({ min: 1, max: 100 })),
  baseDelayMs: optional(count({ max: 60_000 })),
  throttledDelayMs: optional(count({ max: 60_000 })),
  maxDelayMs: optional(count({ max: 600_000 })),
});

const observerField = instance<StorageObserver>('a function', (value) => typeof value === 'function');

/** The fields of `BackendOptions`, to be spread into those of a backend. */
export const backendFields: Fields<BackendSettings> = {
  name: optional(text()),
  timeoutMs: optional(timer()),
  idleTimeoutMs: withDefault(timer(), 30_000),
  retry: optional(either(oneOf(false), retryFields)),
  keys: withDefault(oneOf('portable', 'any'), 'portable'),
  checkKeyConflicts: withDefault(flag(), false),
  observer: optional(either(observerField, list(observerField))),
  logger: optional(instance<StorageLogger>('a logger with debug, info, warn and error', isLogger)),
  debug: optional(flag()),
};

function isLogger(value: object): boolean {
  const methods = value as Readonly<Record<string, unknown>>;
  return ['debug', 'info', 'warn', 'error'].every((name) => typeof methods[name] === 'function');
}
