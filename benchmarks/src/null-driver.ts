import { type BodyStream, defineCapabilities, type ObjectInfo, type StorageDriver } from '@storage/core/driver';
import { MemoryBackend } from '@storage/core/memory';

export const body: Uint8Array = Buffer.alloc(4096, 'x');

export const info: ObjectInfo = {
  key: 'users/123/resume.pdf',
  size: body.byteLength,
  etag: '"e"',
  lastModified: new Date(0),
  contentType: 'application/pdf',
  metadata: {},
};

/** A driver that does nothing, not even make an answer: whatever a call costs is our own. */
export const nullDriver: StorageDriver = {
  driverApi: 1,
  type: 'null',
  capabilities: defineCapabilities({ ...new MemoryBackend().capabilities, multipart: false } as never),
  open: always(undefined),
  close: always(undefined),
  check: always(undefined),
  classify: () => ({ code: 'Unknown', retryable: 'no' }),
  head: always(info),
  get: always({ info, range: { start: 0, end: info.size }, body }),
  put: always({ size: body.byteLength, etag: '"e"' }),
  remove: always({ existed: true }),
  listPage: always({ entries: [info], prefixes: [] }),
};

/** The same with bodies as streams, as most services have them. */
export const streamingDriver: StorageDriver = {
  ...nullDriver,
  get: () => Promise.resolve({ info, range: { start: 0, end: info.size }, body: streamed() }),
};

/** The same over an SDK: it listens to the signal of every request. */
export const listeningDriver: StorageDriver = {
  ...nullDriver,
  head: (_request, { signal }) => {
    const stop = (): void => undefined;
    signal.addEventListener('abort', stop, { once: true });
    signal.removeEventListener('abort', stop);
    return Promise.resolve(info);
  },
};

function always<T>(answer: T): () => Promise<T> {
  const answered = Promise.resolve(answer);
  return () => answered;
}

function streamed(): BodyStream {
  let left = 1;
  const end = Promise.resolve({ done: true, value: undefined } as const);
  const chunk = Promise.resolve({ done: false, value: body } as const);
  return {
    [Symbol.asyncIterator]: () => ({ next: () => (left-- > 0 ? chunk : end), return: () => end }),
    cancel: () => end.then(() => undefined),
  };
}
