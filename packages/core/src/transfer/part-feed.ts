import type { PartLane } from './part-lane.ts';
import type { PartSizes } from './part-size.ts';

/** One part, in memory. Its bytes may lie in the lane's buffer: they are valid until the lane's next part. */
export interface Part {
  readonly partNumber: number;
  readonly size: number;
  readonly pieces: readonly Uint8Array[];
}

/** Gives out the parts of a body, each once. */
export interface PartFeed {
  /** The next part; undefined when there are no more. May be asked by several lanes at once. */
  next(lane: PartLane): Promise<Part | undefined>;
}

/** Parts of bytes that are in memory, not copied. */
export function piecesFeed(pieces: readonly Uint8Array[], total: number, sizeAt: PartSizes): PartFeed {
  let rest = pieces;
  const places = partPlaces(total, sizeAt);
  return {
    next() {
      const place = places.next();
      if (place === undefined) return Promise.resolve(undefined);
      const [part, behind] = cut(rest, place.size);
      rest = behind;
      return Promise.resolve({ partNumber: place.partNumber, size: place.size, pieces: part });
    },
  };
}

/** Parts of a source that can be read anywhere: the lanes read at the same time. */
export function randomAccessFeed(
  readAt: (target: Uint8Array, position: number) => Promise<void>,
  total: number,
  sizeAt: PartSizes,
  present: ReadonlySet<number> = new Set(),
): PartFeed {
  const places = partPlaces(total, sizeAt);
  return {
    async next(lane) {
      let place = places.next();
      while (place !== undefined && present.has(place.partNumber)) place = places.next();
      if (place === undefined) return undefined;
      const target = lane.buffer(place.size).subarray(0, place.size);
      await readAt(target, place.offset);
      return { partNumber: place.partNumber, size: place.size, pieces: [target] };
    },
  };
}

interface Place {
  readonly partNumber: number;
  readonly offset: number;
  readonly size: number;
}

function partPlaces(total: number, sizeAt: PartSizes): { next(): Place | undefined } {
  let partNumber = 0;
  let offset = 0;
  return {
    next() {
      if (offset >= total) return undefined;
      const size = Math.min(sizeAt(offset), total - offset);
      const place = { partNumber: ++partNumber, offset, size };
      offset += size;
      return place;
    },
  };
}

/** The first `size` bytes of the pieces, and the rest. */
function cut(pieces: readonly Uint8Array[], size: number): [part: Uint8Array[], rest: readonly Uint8Array[]] {
  const part: Uint8Array[] = [];
  let missing = size;
  for (const [index, piece] of pieces.entries()) {
    if (piece.byteLength > missing) {
      if (missing > 0) part.push(piece.subarray(0, missing));
      return [part, [piece.subarray(missing), ...pieces.slice(index + 1)]];
    }
    part.push(piece);
    missing -= piece.byteLength;
  }
  return [part, []];
}
