import type { StorageDriver } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

/** A driver that puts keys through `change` on their way to the service. */
function withKeys(change: (key: string) => string): (driver: StorageDriver) => StorageDriver {
  return (driver) => {
    const changed = <R extends { readonly key: string }>(request: R): R => ({ ...request, key: change(request.key) });
    return overDriver(driver, {
      head: (request, context) => driver.head(changed(request), context),
      get: (request, context) => driver.get(changed(request), context),
      put: (request, context) => driver.put(changed(request), context),
      remove: (request, context) => driver.remove(changed(request), context),
    });
  };
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** Drivers that make one key of two. */
export const brokenKeys: readonly BrokenDriver[] = [
  { name: 'collapses slashes', caughtBy: '10', layer: withKeys((key) => key.replaceAll(/\/{2,}/g, '/')) },
  { name: 'strips a leading slash', caughtBy: '11', layer: withKeys((key) => key.replace(/^\/+/, '')) },
  { name: 'decodes %2F and its like', caughtBy: '27', layer: withKeys(decoded) },
  {
    name: 'trims spaces off keys',
    caughtBy: '21',
    layer: withKeys((key) =>
      key
        .split('/')
        .map((part) => part.trim())
        .join('/'),
    ),
  },
  { name: 'folds the case of keys', caughtBy: '26', layer: withKeys((key) => key.toLowerCase()) },
  { name: 'normalises keys', caughtBy: '25', layer: withKeys((key) => key.normalize('NFC')) },
  { name: 'takes + for a space', caughtBy: '28', layer: withKeys((key) => key.replaceAll('+', ' ')) },
  {
    name: 'resolves dot segments',
    caughtBy: '16',
    layer: withKeys((key) =>
      new URL(`file:///${encodeURIComponent(key).replaceAll('%2F', '/')}`).pathname
        .slice(1)
        .split('/')
        .map(decoded)
        .join('/'),
    ),
  },
];
