import type { StorageDriver } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

/** The driver without one of its members. */
function without(driver: StorageDriver, name: keyof StorageDriver): StorageDriver {
  const { [name]: _dropped, ...rest } = overDriver(driver, {}) as Partial<StorageDriver>;
  return rest as StorageDriver;
}

/** Drivers whose claims are not true. */
export const brokenClaims: readonly BrokenDriver[] = [
  { name: 'claims copies and has no member for them', caughtBy: '6', layer: (driver) => without(driver, 'copy') },
  {
    name: 'has a member for copies and does not claim it',
    caughtBy: '6',
    layer: (driver) =>
      overDriver(driver, { capabilities: Object.freeze({ ...driver.capabilities, copy: false, atomicMove: false }) }),
  },
  {
    name: 'has capabilities that can be changed',
    caughtBy: '6',
    layer: (driver) => overDriver(driver, { capabilities: { ...driver.capabilities } }),
  },
  {
    name: 'claims to know whether a deleted object existed, and does not say',
    caughtBy: '126',
    layer: (driver) =>
      overDriver(driver, {
        remove: async (request, context) => ({ ...(await driver.remove(request, context)), existed: undefined }),
      }),
  },
];

/** Drivers that break promises of errors and of their life. */
export const brokenErrors: readonly BrokenDriver[] = [
  {
    name: 'throws when it is asked to name an error that it does not know',
    caughtBy: '233',
    layer: (driver) =>
      overDriver(driver, {
        classify: (error) => {
          if (!(error instanceof Error)) throw new TypeError('what is this?');
          return driver.classify(error);
        },
      }),
  },
  {
    name: 'names errors with codes of its own',
    caughtBy: '233',
    layer: (driver) =>
      overDriver(driver, {
        classify: (error) => {
          const classification = driver.classify(error);
          return classification.code === 'Unknown' ? { ...classification, code: 'Weird' as 'Unknown' } : classification;
        },
      }),
  },
  {
    name: 'says that versions are off while it keeps them',
    caughtBy: '237c',
    layer: (driver) => overDriver(driver, { state: async () => ({ versioning: 'off' }) }),
  },
];
