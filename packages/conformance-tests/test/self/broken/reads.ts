import type { BodyStream, GetResponse, StorageDriver } from '@storage/core/driver';
import { DriverFault, overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

type Get = StorageDriver['get'];

/** A driver whose `get` is replaced. */
function withGet(change: (get: Get, driver: StorageDriver) => Get): (driver: StorageDriver) => StorageDriver {
  return (driver) => overDriver(driver, { get: change(driver.get.bind(driver), driver) });
}

async function bytesOf({ body }: GetResponse): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A body in two halves, the second read only when it is asked for. */
function inHalves(first: Uint8Array, second: () => Promise<Uint8Array>): BodyStream {
  const chunks = (async function* () {
    yield first;
    yield await second();
  })();
  return {
    [Symbol.asyncIterator]: () => chunks,
    cancel: async () => {
      await chunks.return();
    },
  };
}

/** Drivers that break promises of reads. */
export const brokenReads: readonly BrokenDriver[] = [
  {
    name: 'ignores ranges and says that it did not',
    caughtBy: '83',
    layer: withGet((get) => async (request, context) => {
      const { range, ...whole } = request;
      const ranged = await get(request, context);
      if (range === undefined) return ranged;
      return { ...ranged, body: await bytesOf(await get(whole, context)) };
    }),
  },
  {
    name: 'ignores ranges and says so',
    caughtBy: '83',
    layer: withGet(
      (get) =>
        ({ range: _dropped, ...whole }, context) =>
          get(whole, context),
    ),
  },
  {
    name: 'takes the end of a range as the last byte',
    caughtBy: '83',
    layer: withGet((get) => (request, context) => {
      const { range } = request;
      if (range === undefined || 'suffix' in range || range.end === undefined) return get(request, context);
      return get({ ...request, range: { start: range.start, end: range.end + 1 } }, context);
    }),
  },
  {
    name: 'takes a suffix for an end',
    caughtBy: '88',
    layer: withGet((get) => (request, context) => {
      const { range } = request;
      if (range === undefined || !('suffix' in range)) return get(request, context);
      return get({ ...request, range: { start: 0, end: range.suffix } }, context);
    }),
  },
  {
    name: 'ends bodies early as if they were complete',
    caughtBy: '39',
    layer: withGet((get) => async (request, context) => {
      const answer = await get(request, context);
      const bytes = await bytesOf(answer);
      return { ...answer, body: inHalves(bytes.subarray(0, bytes.byteLength >> 1), async () => new Uint8Array(0)) };
    }),
  },
  {
    name: 'reads the second half of a body from what is there then',
    caughtBy: '75',
    layer: withGet((get) => async (request, context) => {
      const answer = await get(request, context);
      const bytes = await bytesOf(answer);
      const half = bytes.byteLength >> 1;
      const body = inHalves(bytes.subarray(0, half), async () => {
        const now = await get({ key: request.key }, context).catch(() => answer);
        const later = now === answer ? bytes : await bytesOf(now);
        return later.subarray(half, bytes.byteLength);
      });
      return { ...answer, body };
    }),
  },
  {
    name: 'takes info and body from two reads',
    caughtBy: '217',
    layer: withGet((get, driver) => async (request, context) => {
      const info = await driver.head({ key: request.key }, context);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return { ...(await get(request, context)), info };
    }),
  },
  {
    name: 'frees the handle of a body only at its end',
    caughtBy: '74',
    layer: leaksHandles,
  },
  {
    name: 'takes denied access for absence',
    caughtBy: '80',
    layer: (driver) => {
      const masked = async <T>(work: Promise<T>): Promise<T> => {
        try {
          return await work;
        } catch (error) {
          const { code } = driver.classify(error);
          if (code === 'Unauthenticated' || code === 'PermissionDenied')
            throw new DriverFault('NotFound', 'nothing there');
          throw error;
        }
      };
      return overDriver(driver, {
        head: (request, context) => masked(driver.head(request, context)),
        get: (request, context) => masked(driver.get(request, context)),
      });
    },
  },
  {
    name: 'takes a missing bucket for a missing object',
    caughtBy: '246a',
    layer: (driver) =>
      overDriver(driver, {
        classify: (error) => {
          const classification = driver.classify(error);
          return classification.code === 'BucketNotFound' ? { ...classification, code: 'NotFound' } : classification;
        },
        head: (request, context) =>
          driver.head(request, context).catch((error: unknown) => {
            if (driver.classify(error).code !== 'BucketNotFound') throw error;
            throw new DriverFault('NotFound', 'nothing there');
          }),
      }),
  },
];

const handles = 40;

/** Has 40 handles; a body that was cancelled keeps its own. */
function leaksHandles(driver: StorageDriver): StorageDriver {
  let open = 0;
  return overDriver(driver, {
    get: async (request, context) => {
      if (open >= handles) throw new DriverFault('Unavailable', 'no handle left');
      const answer = await driver.get(request, context);
      const { body } = answer;
      if (body instanceof Uint8Array) return answer;
      open += 1;
      return { ...answer, body: { [Symbol.asyncIterator]: () => untilEnd(body), cancel: async () => undefined } };
    },
  });

  function untilEnd(body: BodyStream): AsyncIterator<Uint8Array> {
    const chunks = body[Symbol.asyncIterator]();
    return {
      next: async () => {
        const next = await chunks.next();
        if (next.done === true) open -= 1;
        return next;
      },
      return: async () => ({ done: true, value: undefined }),
    };
  }
}
