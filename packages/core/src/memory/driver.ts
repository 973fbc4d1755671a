import type { CallContext, StorageDriver } from '../driver.ts';
import { fromBytes } from '../driver-kit/body-stream.ts';
import { collect } from '../driver-kit/collect.ts';
import { checkMatch, checkRead, checkWrite } from '../driver-kit/conditions.ts';
import { resolveRange } from '../driver-kit/resolve-range.ts';
import { assertReadable } from './archive.ts';
import type { Reach } from './bucket.ts';
import { capabilitiesOf } from './capabilities.ts';
import { copyObject, moveObject } from './copy.ts';
import { classify, tooLarge } from './errors.ts';
import { toInfo, toResponse } from './info.ts';
import { listPage } from './listing.ts';
import { createMultipart } from './multipart.ts';
import { remove } from './remove.ts';
import { createContent } from './revision.ts';
import { defaultBucketName } from './settings.ts';
import { authenticate, bucketOf, MemoryStore, serviceOf } from './store.ts';
import { createTags } from './tags.ts';
import { createTiers } from './tiers.ts';
import { createVersions } from './versions.ts';

// Small bodies are given at once, which spares the reader a stream.
const maxBufferedBody = 64 * 1024;

/** Where a memory driver finds its bucket, and as whom. Not checked: that is `MemoryBackend`'s part. */
export interface MemoryDriverOptions {
  /** @default a new store */
  readonly store?: MemoryStore | undefined;
  /** @default 'default' */
  readonly bucketName?: string | undefined;
  /** @default false */
  readonly createBucket?: boolean | undefined;
  readonly accessKey?: string | undefined;
}

/** The memory backend's conversation with its service, a `MemoryStore`. */
export function createMemoryDriver(options: MemoryDriverOptions = {}): StorageDriver<MemoryStore> {
  const { store = new MemoryStore(), bucketName = defaultBucketName, createBucket = false, accessKey } = options;
  const { settings } = serviceOf(store);

  const reach: Reach = ({ signal }) => {
    signal.throwIfAborted();
    return bucketOf(store, bucketName, accessKey);
  };

  async function makeBucket({ signal }: CallContext): Promise<void> {
    signal.throwIfAborted();
    authenticate(store, accessKey);
    store.createBucket(bucketName);
  }

  return {
    driverApi: 1,
    type: 'memory',
    capabilities: capabilitiesOf(settings),
    secrets: accessKey === undefined ? [] : [accessKey],

    async open() {},

    async check(context) {
      reach(context);
    },

    async head(request, context) {
      const bucket = reach(context);
      const object = bucket.find(request.key, request.versionId);
      checkRead(object, request);
      return toInfo(bucket, request.key, object);
    },

    async get(request, context) {
      const bucket = reach(context);
      const object = bucket.find(request.key, request.versionId);
      checkRead(object, request);
      assertReadable(bucket, object);
      const range = resolveRange(request.range, object.bytes.byteLength);
      const bytes = object.bytes.subarray(range.start, range.end);
      const body = bytes.byteLength <= maxBufferedBody ? new Uint8Array(bytes) : fromBytes(bytes);
      return { info: toInfo(bucket, request.key, object), range, body };
    },

    async put({ key, body, attributes, condition }, context) {
      checkWrite(reach(context).current(key), condition);
      const bytes = await collect(body, context.signal);
      if (bytes.byteLength > settings.singlePut.maxSize) throw tooLarge(bytes.byteLength, settings.singlePut.maxSize);
      // Asked again: the bucket, the object and the signal may have changed while the bytes came.
      const bucket = reach(context);
      checkWrite(bucket.current(key), condition);
      return toResponse(bucket, bucket.commit(key, createContent(bytes, attributes)));
    },

    async remove(request, context) {
      return remove(reach(context), request);
    },

    async removeMany({ keys }, context) {
      const bucket = reach(context);
      return keys.map((key) => remove(bucket, { key }));
    },

    async listPage(request, context) {
      return listPage(reach(context), request);
    },

    async copy(request, context) {
      const bucket = reach(context);
      return toResponse(bucket, copyObject(bucket, request));
    },

    async move(request, context) {
      const bucket = reach(context);
      return toResponse(bucket, moveObject(bucket, request));
    },

    async setMetadata({ key, headers, metadata, ifMatch }, context) {
      const bucket = reach(context);
      const object = bucket.find(key);
      checkMatch(object, ifMatch);
      return toInfo(bucket, key, bucket.commit(key, { ...object, headers: { ...headers }, metadata: { ...metadata } }));
    },

    multipart: createMultipart(reach),
    tiers: createTiers(reach),
    tags: createTags(reach),
    ...(settings.versions ? { versions: createVersions(reach) } : {}),
    ...(createBucket ? { createBucket: makeBucket } : {}),

    async state(context) {
      reach(context);
      return { versioning: settings.versions ? 'on' : 'off' };
    },

    async native() {
      return store;
    },

    async close() {},

    classify,
  };
}
