import { Readable } from 'node:stream';
import { DriverFault } from '../errors/driver-fault.ts';
import { ChunkReader } from './chunk-reader.ts';
import { singleUse } from './single-use.ts';
import type { UploadSource } from './upload-source.ts';

export function isWebStream(value: object): value is ReadableStream<unknown> {
  return typeof (value as Partial<ReadableStream>).getReader === 'function';
}

/** A web stream, which can be read once. A locked or used one throws `InvalidArgument`. */
export function fromWebStream(stream: ReadableStream<unknown>, contentType: string | undefined): UploadSource {
  if (stream.locked) throw new DriverFault('InvalidArgument', 'the body is a stream that something else reads already');
  if (Readable.isDisturbed(stream as never)) {
    throw new DriverFault('InvalidArgument', 'the body is a stream that was read or cancelled already');
  }
  const open = (): ChunkReader => {
    const reader = stream.getReader();
    return new ChunkReader({
      pull: () => reader.read(),
      // What the stream says to being stopped is not what went wrong.
      stop: (reason) => void reader.cancel(reason).catch(() => undefined),
    });
  };
  return singleUse({
    contentType,
    open,
    discard: (reason) => void stream.cancel(reason).catch(() => undefined),
  });
}
