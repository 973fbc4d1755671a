import type { Readable } from 'node:stream';
import { DriverFault } from '../errors/driver-fault.ts';
import { ChunkReader } from './chunk-reader.ts';
import { singleUse } from './single-use.ts';
import type { UploadSource } from './upload-source.ts';

export function isNodeStream(value: object): value is Readable {
  const stream = value as Partial<Readable>;
  return typeof stream.pipe === 'function' && typeof stream.destroy === 'function' && Symbol.asyncIterator in value;
}

/** A Node stream, which can be read once. One that has ended or was destroyed throws `InvalidArgument`. */
export function fromNodeStream(stream: Readable): UploadSource {
  if (stream.readableEnded || (stream.destroyed && stream.errored === null)) {
    throw new DriverFault('InvalidArgument', 'the body is a stream that was read or destroyed already');
  }
  // An error before the first read, or when we destroy it, must not end the process: reading reports it.
  stream.on('error', () => undefined);
  const carriesAnAnswer = isServerRequest(stream);
  const stop = (reason: unknown): void => {
    // To destroy the request of a client is to cut the connection that the answer, a 413 say, needs. What is left of it
    // is read and dropped, as Node's own server does with a request that nobody reads.
    if (carriesAnAnswer) stream.resume();
    else stream.destroy(reason instanceof Error ? reason : undefined);
  };
  const open = (): ChunkReader => {
    const chunks: AsyncIterator<unknown> = stream.iterator({ destroyOnReturn: !carriesAnAnswer });
    return new ChunkReader({ pull: () => chunks.next(), stop, checkEnd: () => assertNotCut(stream) });
  };
  return singleUse({ contentType: undefined, open, discard: stop });
}

/** Whether a stream is a request that this process is about to answer. */
function isServerRequest(stream: Readable): boolean {
  const { method, httpVersion } = stream as Readable & { readonly method?: unknown; readonly httpVersion?: unknown };
  return typeof method === 'string' && typeof httpVersion === 'string';
}

/** Parsers of forms (busboy and what is built on it) end a file that is over their limit as if it were whole. */
function assertNotCut(stream: Readable & { readonly truncated?: unknown }): void {
  if (stream.truncated !== true) return;
  throw new DriverFault('LengthMismatch', 'the stream was cut at the file size limit of the parser that made it');
}
