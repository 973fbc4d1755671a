import type { StorageDriver } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

type Copy = NonNullable<StorageDriver['copy']>;

/** A driver whose `copy` is replaced. */
function withCopy(change: (copy: Copy, driver: StorageDriver) => Copy): (driver: StorageDriver) => StorageDriver {
  return (driver) => {
    const copy = driver.copy?.bind(driver);
    return copy === undefined ? driver : overDriver(driver, { copy: change(copy, driver) });
  };
}

/** Drivers that break promises of copies and moves. */
export const brokenCopies: readonly BrokenDriver[] = [
  {
    name: 'loses the metadata of a copy',
    caughtBy: '136',
    layer: withCopy((copy, driver) => async (request, context) => {
      const { contentType } = await driver.head({ key: request.source.key }, context);
      return copy({ attributes: { headers: { contentType }, metadata: {} }, ...request }, context);
    }),
  },
  {
    name: 'keeps the metadata of the object that a copy replaces',
    caughtBy: '137',
    layer: withCopy((copy, driver) => async (request, context) => {
      const old = await driver.head({ key: request.key }, context).catch(() => undefined);
      const answer = await copy(request, context);
      if (old === undefined) return answer;
      const info = await driver.setMetadata?.({ key: request.key, headers: old, metadata: old.metadata }, context);
      return info === undefined ? answer : { ...answer, etag: info.etag, lastModified: info.lastModified };
    }),
  },
  { name: 'makes a copy of a link', caughtBy: '140', layer: linksCopies },
  {
    name: 'ignores the condition of a copy',
    caughtBy: '143',
    layer: withCopy((copy) => (request, context) => copy({ ...request, condition: {} }, context)),
  },
  {
    name: 'ignores the etag of the source',
    caughtBy: '144a',
    layer: withCopy((copy) => (request, context) => {
      const { ifMatch: _dropped, ...source } = request.source;
      return copy({ ...request, source }, context);
    }),
  },
  {
    name: 'resolves a copy before it is there',
    caughtBy: '146',
    layer: withCopy((copy, driver) => async (request, context) => {
      const { size, etag } = await driver.head({ key: request.source.key }, context);
      setTimeout(() => {
        copy(request, { ...context, signal: new AbortController().signal }).catch(() => undefined);
      }, 20);
      return { size, etag };
    }),
  },
  {
    name: 'ignores the version of the source',
    caughtBy: '240',
    layer: withCopy((copy) => (request, context) => copy({ ...request, source: { key: request.source.key } }, context)),
  },
  {
    name: 'ignores the condition of a move',
    caughtBy: '150a',
    layer: (driver) =>
      overDriver(driver, {
        move: async (request, context) => {
          const answer = await driver.move?.({ ...request, condition: {} }, context);
          if (answer === undefined) throw new TypeError('memory moves');
          return answer;
        },
      }),
  },
];

/** Reads of a copy are reads of its source. */
function linksCopies(driver: StorageDriver): StorageDriver {
  const links = new Map<string, string>();
  return overDriver(driver, {
    copy: async (request, context) => {
      const answer = await driver.copy?.(request, context);
      if (answer === undefined) throw new TypeError('memory copies');
      links.set(request.key, request.source.key);
      return answer;
    },
    put: (request, context) => {
      links.delete(request.key);
      return driver.put(request, context);
    },
    get: async (request, context) => {
      const source = links.get(request.key);
      if (source === undefined) return driver.get(request, context);
      return driver.get({ ...request, key: source }, context).catch(() => driver.get(request, context));
    },
  });
}
