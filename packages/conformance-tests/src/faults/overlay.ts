import type { StorageDriver } from '@storage/core/driver';

/** Every member of a driver; a new one of the interface does not compile until it is listed here. */
const memberNames = Object.keys({
  driverApi: true,
  type: true,
  capabilities: true,
  secrets: true,
  open: true,
  check: true,
  head: true,
  get: true,
  put: true,
  remove: true,
  listPage: true,
  close: true,
  classify: true,
  createBucket: true,
  state: true,
  native: true,
  multipart: true,
  copy: true,
  move: true,
  removeMany: true,
  setMetadata: true,
  sign: true,
  signForm: true,
  versions: true,
  tiers: true,
  tags: true,
} satisfies Record<keyof StorageDriver, true>) as readonly (keyof StorageDriver)[];

/** What differs from the driver underneath; `undefined` takes a member away. */
export type DriverOverrides = { readonly [K in keyof StorageDriver]?: StorageDriver[K] | undefined };

/**
 * A driver with some members replaced; the others go to `driver`, bound to it.
 *
 * @example
 * const view = backend.with((driver) => overlay(driver, { head: () => Promise.reject(new Error('down')) }));
 */
export function overlay(driver: StorageDriver, overrides: DriverOverrides): StorageDriver {
  const members = memberNames.map((name) => [name, name in overrides ? overrides[name] : bound(driver, name)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined)) as unknown as StorageDriver;
}

function bound(driver: StorageDriver, name: keyof StorageDriver): unknown {
  const member: unknown = driver[name];
  return typeof member === 'function' ? (member.bind(driver) as unknown) : member;
}
