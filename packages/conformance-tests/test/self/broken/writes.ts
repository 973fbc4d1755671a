import type { PutRequest, StorageDriver, UploadBody } from '@storage/core/driver';
import { overDriver } from '@storage/core/driver';
import type { BrokenDriver } from './broken-driver.ts';

type Put = StorageDriver['put'];

/** A driver whose `put` is replaced. */
function withPut(change: (put: Put, driver: StorageDriver) => Put): (driver: StorageDriver) => StorageDriver {
  return (driver) => overDriver(driver, { put: change(driver.put.bind(driver), driver) });
}

function bodyOf(chunks: readonly Uint8Array[]): UploadBody {
  const open = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield* chunks;
  };
  return { size: chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0), pieces: chunks, open };
}

/** All chunks of a body; what it throws ends it as if it were complete. */
async function collectLeniently(body: UploadBody): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body.open()) chunks.push(Uint8Array.from(chunk));
  } catch {
    return chunks;
  }
  return chunks;
}

async function collectAll(body: UploadBody): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.open()) chunks.push(Uint8Array.from(chunk));
  return chunks;
}

const never = new AbortController().signal;

/** A service that takes streams of unknown size: the driver has the body in hand while it fails. */
const streaming = { singlePut: { maxSize: 2 ** 31, unknownSize: true } };

/** Drivers that break promises of writes. */
export const brokenWrites: readonly BrokenDriver[] = [
  {
    name: 'commits what it got when the source throws',
    caughtBy: '54',
    store: streaming,
    layer: withPut((put) => async (request, context) => {
      const body = bodyOf(await collectLeniently(request.body));
      return put({ ...request, body }, context);
    }),
  },
  {
    name: 'removes the object before it writes over it',
    caughtBy: '241',
    store: streaming,
    layer: withPut((put, driver) => async (request, context) => {
      await driver.remove({ key: request.key }, context);
      return put(request, context);
    }),
  },
  {
    name: 'truncates bodies to 1,000 bytes',
    caughtBy: '62',
    layer: withPut((put) => async (request, context) => {
      const whole = Buffer.concat(await collectAll(request.body));
      return put({ ...request, body: bodyOf([whole.subarray(0, 1000)]) }, context);
    }),
  },
  {
    name: 'ignores the abort and commits later',
    caughtBy: '58',
    store: streaming,
    layer: withPut((put) => async (request, context) => {
      const { signal } = context;
      await new Promise((resolve) => setTimeout(resolve, 100));
      const chunks = await collectLeniently(request.body);
      const answer = await put({ ...request, body: bodyOf(chunks) }, { ...context, signal: never });
      signal.throwIfAborted();
      return answer;
    }),
  },
  {
    name: 'writes the body first and the metadata after',
    caughtBy: '162',
    layer: withPut((put, driver) => async (request, context) => {
      const { headers, metadata } = request.attributes;
      const answer = await put({ ...request, attributes: { ...request.attributes, metadata: {} } }, context);
      await new Promise((resolve) => setTimeout(resolve, 1));
      const info = await driver.setMetadata?.({ key: request.key, headers, metadata }, context);
      return info === undefined ? answer : { ...answer, ...pick(info) };
    }),
  },
  {
    name: 'keeps the old metadata on overwrite',
    caughtBy: '43',
    layer: withPut((put, driver) => async (request, context) => {
      const old = await driver.head({ key: request.key }, context).catch(() => undefined);
      const metadata = { ...old?.metadata, ...request.attributes.metadata };
      return put({ ...request, attributes: { ...request.attributes, metadata } }, context);
    }),
  },
  {
    name: 'drops the cache-control header',
    caughtBy: '48',
    layer: withPut((put) => (request, context) => put(withoutCacheControl(request), context)),
  },
  {
    name: 'reports a wrong size',
    caughtBy: '50',
    layer: withPut((put) => async (request, context) => {
      const answer = await put(request, context);
      return { ...answer, size: answer.size + 1 };
    }),
  },
  {
    name: 'keeps the buffers of its caller',
    caughtBy: '66',
    layer: keepsBuffers,
  },
  {
    name: 'writes twice, as if it retried',
    caughtBy: '239',
    layer: withPut((put) => async (request, context) => {
      const body = bodyOf(await collectAll(request.body));
      await put({ ...request, body }, context);
      return put({ ...request, body, condition: {} }, context);
    }),
  },
];

function pick({ etag, lastModified, versionId }: { etag: string; lastModified: Date; versionId?: string }): {
  etag: string;
  lastModified: Date;
  versionId?: string;
} {
  return { etag, lastModified, ...(versionId === undefined ? {} : { versionId }) };
}

function withoutCacheControl(request: PutRequest): PutRequest {
  const { cacheControl: _dropped, ...headers } = request.attributes.headers;
  return { ...request, attributes: { ...request.attributes, headers } };
}

/** Serves small objects from the very arrays that were given to `put`. */
function keepsBuffers(driver: StorageDriver): StorageDriver {
  const kept = new Map<string, Uint8Array>();
  return overDriver(driver, {
    put: async (request, context) => {
      const [piece] = request.body.pieces ?? [];
      if (piece !== undefined && request.body.pieces?.length === 1) kept.set(request.key, piece);
      return driver.put(request, context);
    },
    get: async (request, context) => {
      const answer = await driver.get(request, context);
      const piece = kept.get(request.key);
      return piece?.byteLength === answer.info.size && request.range === undefined
        ? { ...answer, body: piece }
        : answer;
    },
  });
}
