import type { StorageDriver } from '../driver.ts';
import { defined } from '../driver-kit/defined.ts';

/**
 * A view of a driver that changes what passes through: `backend.with(prefixed('tenants/7/'))`. What it returns keeps
 * the whole contract of a driver, and claims nothing that the driver below does not claim.
 */
export type Layer = (driver: StorageDriver) => StorageDriver;

/**
 * `T` with every member named, the optional ones too, which may be undefined. A layer states what it returns as one
 * of these, so that it does not compile when the interface gets a member that it has not thought of.
 */
export type Total<T> = { [K in keyof Required<T>]: T[K] };

/** Leaves out what is undefined: a member of a driver exists exactly when it is claimed. */
export function present<T extends object>(members: Total<T>): T {
  return defined(members) as T;
}

/** A driver that does as `driver` does, but for `changes`. */
export function overDriver(driver: StorageDriver, changes: Partial<StorageDriver>): StorageDriver {
  return { ...present(forward(driver)), ...changes };
}

/** Every member of a driver, usable without the driver in front. */
export function forward(driver: StorageDriver): Total<StorageDriver> {
  return {
    driverApi: driver.driverApi,
    type: driver.type,
    capabilities: driver.capabilities,
    secrets: driver.secrets,
    open: driver.open.bind(driver),
    check: driver.check.bind(driver),
    exists: driver.exists?.bind(driver),
    head: driver.head.bind(driver),
    get: driver.get.bind(driver),
    put: driver.put.bind(driver),
    remove: driver.remove.bind(driver),
    listPage: driver.listPage.bind(driver),
    close: driver.close.bind(driver),
    classify: driver.classify.bind(driver),
    createBucket: driver.createBucket?.bind(driver),
    state: driver.state?.bind(driver),
    native: driver.native?.bind(driver),
    multipart: driver.multipart,
    copy: driver.copy?.bind(driver),
    move: driver.move?.bind(driver),
    removeMany: driver.removeMany?.bind(driver),
    setMetadata: driver.setMetadata?.bind(driver),
    sign: driver.sign?.bind(driver),
    signForm: driver.signForm?.bind(driver),
    versions: driver.versions,
    tiers: driver.tiers,
    tags: driver.tags,
  };
}
