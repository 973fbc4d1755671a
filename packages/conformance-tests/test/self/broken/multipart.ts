import type { MultipartMember, StorageDriver } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

/** A driver some members of whose `multipart` are replaced. */
function withMultipart(
  change: (multipart: MultipartMember, driver: StorageDriver) => Partial<MultipartMember>,
): (driver: StorageDriver) => StorageDriver {
  return (driver) => {
    const { multipart } = driver;
    return multipart === undefined
      ? driver
      : overDriver(driver, { multipart: { ...multipart, ...change(multipart, driver) } });
  };
}

/** Drivers that break promises of uploads in parts. */
export const brokenUploads: readonly BrokenDriver[] = [
  {
    name: 'completes an upload although a part is missing',
    caughtBy: '189',
    layer: withMultipart((multipart) => ({
      complete: async (request, context) => {
        const { parts } = await multipart.listParts(request, context);
        const stored = new Map(parts.map((part) => [part.partNumber, part]));
        const there = request.parts.flatMap(({ partNumber }) => stored.get(partNumber) ?? []);
        return multipart.complete({ ...request, parts: there }, context);
      },
    })),
  },
  {
    name: 'completes with the parts in the order of their arrival',
    caughtBy: '183',
    layer: withMultipart((multipart) => {
      const arrivals = new Map<string, number[]>();
      return {
        putPart: async (request, context) => {
          const receipt = await multipart.putPart(request, context);
          arrivals.set(request.uploadId, [...(arrivals.get(request.uploadId) ?? []), request.partNumber]);
          return receipt;
        },
        complete: (request, context) => {
          const order = arrivals.get(request.uploadId) ?? [];
          const parts = request.parts.toSorted((a, b) => order.indexOf(a.partNumber) - order.indexOf(b.partNumber));
          return multipart.complete({ ...request, parts }, context);
        },
      };
    }),
  },
  {
    name: 'keeps the first of two parts with one number',
    caughtBy: '190',
    layer: withMultipart((multipart) => ({
      putPart: async (request, context) => {
        const { parts } = await multipart.listParts(request, context);
        return parts.find((part) => part.partNumber === request.partNumber) ?? multipart.putPart(request, context);
      },
    })),
  },
  {
    name: 'shows the object when the upload begins',
    caughtBy: '184',
    layer: withMultipart((multipart, driver) => ({
      create: async (request, context) => {
        const body = { size: 0, pieces: [], open: async function* () {} };
        await driver.put(
          { key: request.key, body, attributes: request.attributes, condition: {}, integrity: 'none' },
          context,
        );
        return multipart.create(request, context);
      },
    })),
  },
  {
    name: 'keeps the parts of an aborted upload',
    caughtBy: '187a',
    layer: withMultipart(() => ({ abort: async () => undefined })),
  },
  {
    name: 'drops the metadata of an upload in parts',
    caughtBy: '194',
    layer: withMultipart((multipart) => ({
      create: (request, context) =>
        multipart.create({ ...request, attributes: { ...request.attributes, metadata: {} } }, context),
    })),
  },
  {
    name: 'gives two uploads of one key the same id',
    caughtBy: '242',
    layer: withMultipart((multipart) => {
      const ids = new Map<string, Promise<{ readonly uploadId: string }>>();
      return {
        create: (request, context) => {
          const shared = ids.get(request.key) ?? multipart.create(request, context);
          ids.set(request.key, shared);
          return shared;
        },
      };
    }),
  },
];
