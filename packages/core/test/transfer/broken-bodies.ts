import type { BodyStream, GetResponse, StorageDriver } from '../../src/driver.ts';

/** A body that its maker can watch: how many were opened, and how many are still open. */
export interface Watch {
  opened: number;
  open: number;
}

/** What a service does to the n-th get (from 1): a stream in place of the bytes that it would have sent. */
export type Mischief = (bytes: Uint8Array, get: number) => AsyncIterable<Uint8Array> | undefined;

/** A driver whose bodies are streams of small chunks, counted, and broken as `mischief` says. */
export function breaking(watch: Watch, mischief: Mischief, chunkSize = 1000) {
  let gets = 0;
  return (driver: StorageDriver): Partial<StorageDriver> => ({
    async get(request, context) {
      const response = await driver.get(request, context);
      const bytes = await bytesOf(response);
      gets += 1;
      return { ...response, body: watched(watch, mischief(bytes, gets) ?? chunked(bytes, chunkSize)) };
    },
  });
}

async function bytesOf({ body }: GetResponse): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function* chunked(bytes: Uint8Array, chunkSize: number): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.byteLength; i += chunkSize) yield new Uint8Array(bytes.subarray(i, i + chunkSize));
}

/** The first `count` bytes, then an error. */
export async function* cutAfter(bytes: Uint8Array, count: number, error: Error): AsyncGenerator<Uint8Array> {
  yield* chunked(bytes.subarray(0, count), 1000);
  throw error;
}

/** The first `count` bytes, then nothing more, for ever. */
export async function* stalledAfter(bytes: Uint8Array, count: number): AsyncGenerator<Uint8Array> {
  yield* chunked(bytes.subarray(0, count), 1000);
  await new Promise(() => undefined);
}

function watched(watch: Watch, chunks: AsyncIterable<Uint8Array>): BodyStream {
  const iterator = chunks[Symbol.asyncIterator]();
  let isOpen = true;
  watch.opened += 1;
  watch.open += 1;
  const close = (): void => {
    if (isOpen) watch.open -= 1;
    isOpen = false;
  };
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const result = await iterator.next().catch((error: unknown) => {
          close();
          throw error;
        });
        if (result.done === true) close();
        return result;
      },
      async return() {
        close();
        return { done: true, value: undefined };
      },
    }),
    async cancel() {
      close();
    },
  };
}
