import type { BackendSettings } from '../config/backend-options.ts';
import type { StorageDriver } from '../driver.ts';
import type { Layer } from '../layers/layer.ts';
import { overDriver } from '../layers/layer.ts';
import { makeObserver, type Observer } from '../observe/observer.ts';
import { createRetryBudget, type RetryBudget } from '../retry/budget.ts';
import { makeRetryPolicy, type RetryPolicy } from '../retry/policy.ts';
import { IdleWatch } from './idle-watch.ts';
import { createLifecycle, type Lifecycle } from './lifecycle.ts';

/** What all calls of one `StorageBackend` share. */
export interface Runtime {
  /** Name of this instance in errors and events. */
  readonly name: string;
  readonly driver: StorageDriver;
  readonly lifecycle: Lifecycle;
  readonly retry: RetryPolicy;
  readonly budget: RetryBudget;
  /** Undefined when nobody listens: then no event is made. */
  readonly observer: Observer | undefined;
  /** What waits for the service, and for how long. */
  readonly idle: IdleWatch;
  readonly timeoutMs: number | undefined;
  /** Whether writes may use any key that the service can hold. */
  readonly anyKey: boolean;
  /** Whether writes look for a key that is a directory of theirs, where the service would hide it. */
  readonly checkKeyConflicts: boolean;
}

const defaultIdleTimeoutMs = 30_000;

/** The runtime of a driver with the settings of its backend. */
export function createRuntime(driver: StorageDriver, settings: Partial<BackendSettings>): Runtime {
  return {
    name: settings.name ?? driver.type,
    driver,
    lifecycle: createLifecycle(driver),
    retry: makeRetryPolicy(settings.retry),
    budget: createRetryBudget(),
    observer: makeObserver(settings),
    idle: new IdleWatch(settings.idleTimeoutMs ?? defaultIdleTimeoutMs),
    timeoutMs: settings.timeoutMs,
    anyKey: settings.keys === 'any',
    checkKeyConflicts: settings.checkKeyConflicts ?? false,
  };
}

/** The runtime of a view: the layer over a driver that the backend below opens, and that the view does not close. */
export function viewRuntime(below: Runtime, layer: Layer): Runtime {
  const shared = overDriver(below.driver, {
    open: async () => below.lifecycle.opened(),
    close: () => Promise.resolve(),
  });
  const driver = layer(shared);
  return { ...below, driver, lifecycle: createLifecycle(driver, below.lifecycle) };
}
