import { chunkBytes } from './chunk.ts';
import { ChunkReader } from './chunk-reader.ts';
import { fromPieces } from './from-pieces.ts';
import { singleUse } from './single-use.ts';
import type { UploadSource } from './upload-source.ts';

type AnyIterable = AsyncIterable<unknown> | Iterable<unknown>;

export function isIterable(value: object): value is AnyIterable {
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** An iterable of chunks. An array is in memory and known at once; any other is read once, since it may be a generator. */
export function fromIterable(iterable: AnyIterable): UploadSource {
  if (Array.isArray(iterable)) return fromPieces(iterable.map(chunkBytes).filter((piece) => piece.byteLength > 0));
  const open = (): ChunkReader => {
    const iterator = iteratorOf(iterable);
    return new ChunkReader({ pull: async () => iterator.next(), stop: () => finish(iterator) });
  };
  return singleUse({ contentType: undefined, open, discard: () => discard(iterable) });
}

function iteratorOf(iterable: AnyIterable): AsyncIterator<unknown> | Iterator<unknown> {
  if (Symbol.asyncIterator in iterable) return iterable[Symbol.asyncIterator]();
  return iterable[Symbol.iterator]();
}

/** Not awaited: an iterator that hangs in `next` hangs in `return` as well. */
function finish(iterator: AsyncIterator<unknown> | Iterator<unknown>): void {
  void Promise.resolve()
    .then(() => iterator.return?.())
    .catch(() => undefined);
}

function discard(iterable: AnyIterable): void {
  void Promise.resolve()
    .then(() => finish(iteratorOf(iterable)))
    .catch(() => undefined);
}
