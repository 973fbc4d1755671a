import { DriverFault, overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

/** Drivers that break promises of deletes. */
export const brokenDeletes: readonly BrokenDriver[] = [
  {
    name: 'rejects the delete of a missing object',
    caughtBy: '126',
    layer: (driver) =>
      overDriver(driver, {
        remove: async (request, context) => {
          await driver.head({ key: request.key }, context);
          return driver.remove(request, context);
        },
      }),
  },
  {
    name: 'deletes everything that begins with the key',
    caughtBy: '128',
    layer: (driver) =>
      overDriver(driver, {
        remove: async (request, context) => {
          const page = await driver.listPage({ prefix: request.key, limit: 1000 }, context);
          for (const { key } of page.entries) await driver.remove({ key }, context);
          return driver.remove(request, context);
        },
      }),
  },
  {
    name: 'deletes nothing and says that it did',
    caughtBy: '125',
    layer: (driver) => overDriver(driver, { remove: async () => ({ existed: true }) }),
  },
  {
    name: 'ignores mustExist',
    caughtBy: '127',
    layer: (driver) =>
      overDriver(driver, {
        remove: ({ mustExist: _dropped, ...request }, context) => driver.remove(request, context),
      }),
  },
  {
    name: 'gives the outcomes of a batch in another order',
    caughtBy: '129',
    layer: (driver) =>
      overDriver(driver, {
        removeMany: async (request, context) => ((await driver.removeMany?.(request, context)) ?? []).toReversed(),
      }),
  },
  {
    name: 'takes half of a batch only',
    caughtBy: '243',
    layer: (driver) =>
      overDriver(driver, {
        removeMany: async ({ keys }, context) => {
          const done = (await driver.removeMany?.({ keys: keys.slice(0, Math.ceil(keys.length / 2)) }, context)) ?? [];
          return keys.map((_key, index) => done[index] ?? { existed: true });
        },
      }),
  },
  {
    name: 'rejects a batch for one key that is missing',
    caughtBy: '129',
    layer: (driver) => {
      return overDriver(driver, {
        removeMany: async ({ keys }, context) => {
          const done = [];
          for (const key of keys)
            done.push(await driver.remove({ key, mustExist: true }, context).catch(() => ({ existed: false })));
          if (done.some((outcome) => outcome.existed === false))
            throw new DriverFault('NotFound', 'one key is missing');
          return done;
        },
      });
    },
  },
];
