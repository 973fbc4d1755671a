import { DriverFault } from '../errors/driver-fault.ts';
import { bodyFailure } from './body-failure.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { UploadSource } from './upload-source.ts';

/** Makes a source of what the function returned. */
type Adopt = () => Promise<UploadSource>;

/**
 * The source of a function that opens a body. It is asked once before the write begins, for the size and type of what
 * it returns; each later attempt asks it again.
 */
export async function fromOpener(adopt: Adopt): Promise<UploadSource> {
  const first = await adopt();
  if (first.replayable) return first;

  let unused: UploadSource | undefined = first;
  const open = new Set<UploadSource>();

  async function take(): Promise<UploadSource> {
    const source = unused ?? (await adopt().catch(throwReopenFailure));
    unused = undefined;
    open.add(source);
    return source;
  }

  return {
    size: first.size,
    contentType: first.contentType,
    replayable: true,
    open: () => readLater(take),
    async cancel(reason) {
      await Promise.all([...open, ...(unused === undefined ? [] : [unused])].map((source) => source.cancel(reason)));
    },
  };
}

/** The chunks of a source that is not there yet. */
function readLater(take: () => Promise<UploadSource>): ChunkReader {
  let source: UploadSource | undefined;
  let chunks: AsyncIterator<Uint8Array> | undefined;
  let stopped: { readonly reason: unknown } | undefined;
  return new ChunkReader({
    async pull() {
      if (chunks === undefined) {
        source = await take();
        if (stopped !== undefined) {
          await source.cancel(stopped.reason);
          throw stopped.reason as Error;
        }
        chunks = source.open()[Symbol.asyncIterator]();
      }
      return chunks.next();
    },
    stop(reason) {
      stopped = { reason };
      void source?.cancel(reason);
    },
  });
}

function throwReopenFailure(error: unknown): never {
  const failure = bodyFailure(error);
  if (failure.classification.code !== 'InvalidArgument') throw failure;
  throw new DriverFault('InvalidArgument', `the function must open the body anew each time: ${failure.message}`);
}
