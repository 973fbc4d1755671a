import type { ObjectAttributes, StorageDriver } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

type Metadata = Readonly<Record<string, string>>;

/** A driver that puts metadata through `change` on its way to the service. */
function withMetadata(change: (metadata: Metadata) => Metadata): (driver: StorageDriver) => StorageDriver {
  return (driver) => {
    const { multipart } = driver;
    const changed = (attributes: ObjectAttributes): ObjectAttributes => ({
      ...attributes,
      metadata: change(attributes.metadata),
    });
    return overDriver(driver, {
      put: (request, context) => driver.put({ ...request, attributes: changed(request.attributes) }, context),
      ...(multipart === undefined
        ? {}
        : {
            multipart: {
              ...multipart,
              create: (request, context) =>
                multipart.create({ ...request, attributes: changed(request.attributes) }, context),
            },
          }),
    });
  };
}

const mapEntries =
  (change: (entry: [string, string]) => [string, string]) =>
  (metadata: Metadata): Metadata =>
    Object.fromEntries(Object.entries(metadata).map(change));

/** Drivers that break promises of metadata. */
export const brokenMetadata: readonly BrokenDriver[] = [
  {
    name: 'lower-cases the names of metadata',
    caughtBy: '155',
    layer: withMetadata(mapEntries(([name, value]) => [name.toLowerCase(), value])),
  },
  {
    name: 'drops empty values',
    caughtBy: '158',
    layer: withMetadata((metadata) => Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== ''))),
  },
  {
    name: 'trims values',
    caughtBy: '158',
    layer: withMetadata(mapEntries(([name, value]) => [name, value.trim()])),
  },
  {
    name: 'stores values as Latin-1',
    caughtBy: '158',
    layer: withMetadata(mapEntries(([name, value]) => [name, Buffer.from(value, 'latin1').toString('latin1')])),
  },
  {
    name: 'drops the headers when metadata changes',
    caughtBy: '161a',
    layer: (driver) =>
      overDriver(driver, {
        setMetadata: async (request, context) => {
          const info = await driver.setMetadata?.(
            { ...request, headers: { contentType: request.headers.contentType } },
            context,
          );
          if (info === undefined) throw new TypeError('memory sets metadata');
          return info;
        },
      }),
  },
  {
    name: 'ignores the etag of a metadata change',
    caughtBy: '161j',
    layer: (driver) =>
      overDriver(driver, {
        setMetadata: async ({ ifMatch: _dropped, ...request }, context) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          const info = await driver.setMetadata?.(request, context);
          if (info === undefined) throw new TypeError('memory sets metadata');
          return info;
        },
      }),
  },
  {
    name: 'drops the tags of an upload in parts',
    caughtBy: '154a',
    layer: (driver) => {
      const { multipart } = driver;
      if (multipart === undefined) return driver;
      return overDriver(driver, {
        multipart: {
          ...multipart,
          create: ({ attributes: { tags: _dropped, ...attributes }, ...request }, context) =>
            multipart.create({ ...request, attributes }, context),
        },
      });
    },
  },
];
