import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { BodyStream } from '../driver.ts';

const chunkSize = 64 * 1024;

/** A body that copies `bytes` to its reader, chunk by chunk. */
export function fromBytes(bytes: Uint8Array): BodyStream {
  let offset = 0;
  const end = (): Promise<IteratorReturnResult<undefined>> => {
    offset = bytes.byteLength;
    return Promise.resolve({ done: true, value: undefined });
  };
  const next = (): Promise<IteratorResult<Uint8Array, undefined>> => {
    if (offset >= bytes.byteLength) return end();
    const value = new Uint8Array(bytes.subarray(offset, offset + chunkSize));
    offset += value.byteLength;
    return Promise.resolve({ done: false, value });
  };
  return {
    [Symbol.asyncIterator]: () => ({ next, return: end }),
    cancel: () => end().then(() => undefined),
  };
}

/**
 * A body that reads a Node stream of bytes. Its end, an error, `cancel` and `return` of the iterator destroy the
 * stream; a stream that closes before its end is an error.
 *
 * @example
 * return { info, range, body: fromNodeStream(response) };
 */
export function fromNodeStream(stream: Readable): BodyStream {
  // An error before anyone reads must not end the process; the iterator reports it again.
  stream.on('error', () => undefined);

  const cancel = async (): Promise<void> => {
    stream.destroy();
    // The error that `destroy` makes of an unread rest is what the caller asked for.
    await finished(stream, { cleanup: true }).catch(() => undefined);
  };

  return {
    [Symbol.asyncIterator]: () => {
      const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
      return {
        next: () => chunks.next(),
        // `chunks.return` would leave a stream alone that nobody has pulled from.
        return: async () => {
          await cancel();
          return { done: true, value: undefined };
        },
      };
    },
    cancel,
  };
}
