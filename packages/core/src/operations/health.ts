import type { Call } from '../call.ts';
import { checkOptionNames } from '../check.ts';
import { isStorageError, type StorageError } from '../errors/storage-error.ts';
import type { StoreState } from '../file-info.ts';
import type { BaseOptions } from '../options.ts';

/** How a service is: `error` says why it is not healthy. */
export type Health =
  | { readonly healthy: true; readonly latencyMs: number }
  | { readonly healthy: false; readonly latencyMs: number; readonly error: StorageError };

/** Probes settings, reach and bucket; creates the bucket where the options ask for that. */
export async function initialize(call: Call, options: BaseOptions): Promise<void> {
  checkOptionNames(options, []);
  try {
    await check(call);
  } catch (error) {
    const createBucket = call.driver.createBucket?.bind(call.driver);
    if (createBucket === undefined || !isStorageError(error) || error.code !== 'BucketNotFound') throw error;
    await call.request({ effect: 'write', run: (context) => createBucket(context) });
  }
}

/** Whether the service answers, and how fast. */
export async function healthCheck(call: Call, options: BaseOptions): Promise<Health> {
  checkOptionNames(options, []);
  const startedAt = performance.now();
  const latencyMs = (): number => Math.round((performance.now() - startedAt) * 1000) / 1000;
  try {
    await check(call);
    return { healthy: true, latencyMs: latencyMs() };
  } catch (error) {
    const failure = call.wrap(error);
    if (failure.code === 'Aborted') throw failure;
    return { healthy: false, latencyMs: latencyMs(), error: failure };
  }
}

/** What the bucket or account has switched on. */
export async function state(call: Call, options: BaseOptions): Promise<StoreState> {
  checkOptionNames(options, []);
  const ask = call.driver.state?.bind(call.driver);
  if (ask !== undefined) return call.request({ effect: 'read', run: (context) => ask(context) });
  return { versioning: call.capabilities.versions === 'native' ? 'on' : 'off' };
}

function check(call: Call): Promise<void> {
  return call.request({ effect: 'read', run: (context) => call.driver.check(context) });
}
