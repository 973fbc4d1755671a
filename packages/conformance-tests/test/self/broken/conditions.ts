import { setTimeout as pause } from 'node:timers/promises';
import type { ObjectInfo, StorageDriver } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

/** Replaces etags by what `etagOf` makes of an object, wherever they appear. */
function withEtags(etagOf: (info: { etag: string; size: number }) => string): (driver: StorageDriver) => StorageDriver {
  return (driver) => {
    const relabel = <T extends { readonly etag: string; readonly size: number }>(found: T): T => ({
      ...found,
      etag: etagOf(found),
    });
    // Conditions name our etags; the driver underneath wants its own.
    const real = async (key: string, etag: string | undefined, signal: AbortSignal): Promise<string | undefined> => {
      if (etag === undefined) return undefined;
      const info = await driver.head({ key }, { signal, attempt: 1 }).catch(() => undefined);
      return info !== undefined && etagOf(info) === etag ? info.etag : etag;
    };
    return overDriver(driver, {
      head: async ({ ifMatch, ifNoneMatch, ...request }, context) => {
        const [match, none] = [
          await real(request.key, ifMatch, context.signal),
          await real(request.key, ifNoneMatch, context.signal),
        ];
        const conditions = {
          ...(match === undefined ? {} : { ifMatch: match }),
          ...(none === undefined ? {} : { ifNoneMatch: none }),
        };
        return relabel(await driver.head({ ...request, ...conditions }, context));
      },
      get: async ({ ifMatch, ifNoneMatch, ...request }, context) => {
        const [match, none] = [
          await real(request.key, ifMatch, context.signal),
          await real(request.key, ifNoneMatch, context.signal),
        ];
        const conditions = {
          ...(match === undefined ? {} : { ifMatch: match }),
          ...(none === undefined ? {} : { ifNoneMatch: none }),
        };
        const answer = await driver.get({ ...request, ...conditions }, context);
        return { ...answer, info: relabel<ObjectInfo>(answer.info) };
      },
      put: async (request, context) => {
        const ifMatch = await real(request.key, request.condition.ifMatch, context.signal);
        const condition = ifMatch === undefined ? request.condition : { ifMatch };
        return relabel(await driver.put({ ...request, condition }, context));
      },
      listPage: async (request, context) => {
        const page = await driver.listPage(request, context);
        return { ...page, entries: page.entries.map(relabel) };
      },
    });
  };
}

/** Drivers that break promises of conditions. */
export const brokenConditions: readonly BrokenDriver[] = [
  {
    name: 'drops conditions when an upload goes in parts',
    caughtBy: '166',
    layer: (driver) => {
      const { multipart } = driver;
      if (multipart === undefined) return driver;
      return overDriver(driver, {
        multipart: {
          ...multipart,
          complete: (request, context) => multipart.complete({ ...request, condition: {} }, context),
        },
      });
    },
  },
  {
    name: 'drops ifMatch on put',
    caughtBy: '168',
    layer: (driver) =>
      overDriver(driver, {
        put: (request, context) => {
          const { ifMatch: _dropped, ...condition } = request.condition;
          return driver.put({ ...request, condition }, context);
        },
      }),
  },
  {
    name: 'checks ifAbsent first and writes later',
    caughtBy: '167',
    layer: (driver) =>
      overDriver(driver, {
        put: async (request, context) => {
          if (request.condition.ifAbsent !== true) return driver.put(request, context);
          const there = await driver.head({ key: request.key }, context).then(
            () => true,
            () => false,
          );
          await pause(5);
          return driver.put({ ...request, condition: there ? request.condition : {} }, context);
        },
      }),
  },
  {
    name: 'checks ifMatch first and writes later',
    caughtBy: '171',
    layer: (driver) =>
      overDriver(driver, {
        put: async (request, context) => {
          const { ifMatch } = request.condition;
          if (ifMatch === undefined) return driver.put(request, context);
          const current = await driver.head({ key: request.key }, context).catch(() => undefined);
          await pause(2);
          return driver.put({ ...request, condition: current?.etag === ifMatch ? {} : request.condition }, context);
        },
      }),
  },
  {
    name: 'claims revisions and makes etags of the content',
    caughtBy: '177',
    layer: withEtags(({ etag }) => `${etag.split('-')[0] ?? ''}"`),
  },
  {
    name: 'makes etags of the size',
    caughtBy: '168',
    layer: withEtags(({ size }) => `"${size}"`),
  },
  {
    name: 'ignores ifMatch on delete',
    caughtBy: '176',
    layer: (driver) =>
      overDriver(driver, {
        remove: (request, context) => {
          const { ifMatch: _dropped, ...rest } = request;
          return driver.remove(rest, context);
        },
      }),
  },
  {
    name: 'answers a conditional read with the object although it has not changed',
    caughtBy: '172',
    layer: (driver) =>
      overDriver(driver, {
        get: (request, context) => {
          const { ifNoneMatch: _dropped, ...rest } = request;
          return driver.get(rest, context);
        },
      }),
  },
];
