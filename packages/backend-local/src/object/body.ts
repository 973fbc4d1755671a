import type { BodyStream } from '@storage/core/driver';
import { sizeOf } from '../disk/pieces.ts';
import { createReader, type Reader } from './reader.ts';

/** Larger chunks are no faster, since each is fresh memory, and four times as many bytes wait for the garbage collector. */
const chunkBytes = 64 * 1024;
/** So many chunks are read by one call: the way to a thread and back costs as much as what it reads. */
const chunksAtOnce = 4;

/** Closes the files of bodies that were dropped unread: a forgotten body must not cost a handle for ever. */
const dropped = new FinalizationRegistry<Reader>((reader) => {
  reader.close();
});

/** The bytes of an open file from `start` up to `end`; it owns the file. While some chunks are read by their reader, the next are fetched. */
export function fileBody(fd: number, start: number, end: number): BodyStream {
  const reader = createReader(fd);
  let position = start;
  let ready: Uint8Array[] = [];
  let ahead: Promise<Uint8Array[]> | undefined;

  function fetch(): Promise<Uint8Array[]> | undefined {
    if (position >= end) return undefined;
    const chunks = emptyChunks(end - position);
    const fetched = reader.fill(chunks, position).then(() => chunks);
    position += sizeOf(chunks);
    // Reported when its turn comes; until then it must not count as unhandled.
    fetched.catch(() => undefined);
    return fetched;
  }

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (ready.length === 0) {
      const current = reader.isClosed() ? undefined : (ahead ?? fetch());
      if (current === undefined) return finish();
      const fetched = await current.catch(fail);
      // Cancelled meanwhile: the number of the file may be that of another one now.
      if (reader.isClosed()) return finish();
      ready = fetched;
      ahead = fetch();
      // The last chunks are in memory: the file is not needed any more.
      if (ahead === undefined) reader.close();
    }
    const value = ready.shift();
    return value === undefined ? finish() : { done: false, value };
  }

  async function read(target: Uint8Array): Promise<number> {
    if (position >= end || reader.isClosed()) {
      reader.close();
      return 0;
    }
    const chunk = target.subarray(0, end - position);
    await reader.fill([chunk], position).catch(fail);
    position += chunk.byteLength;
    // As above.
    if (position >= end) reader.close();
    return chunk.byteLength;
  }

  function fail(error: unknown): never {
    reader.close();
    throw error;
  }

  function finish(): IteratorResult<Uint8Array, undefined> {
    ready = [];
    reader.close();
    return { done: true, value: undefined };
  }

  const body: BodyStream = {
    // The iterator names the body: who holds only the iterator has not dropped the body.
    [Symbol.asyncIterator]: () => Object.assign({ next, return: () => Promise.resolve(finish()) }, { body }),
    read,
    cancel: () => Promise.resolve(void finish()),
  };
  dropped.register(body, reader);
  return body;
}

/** Memory for the next chunks of a body that has so many bytes left. */
function emptyChunks(left: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let rest = left; rest > 0 && chunks.length < chunksAtOnce; rest -= chunkBytes) {
    chunks.push(Buffer.allocUnsafeSlow(Math.min(chunkBytes, rest)));
  }
  return chunks;
}
