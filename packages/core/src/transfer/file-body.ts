/** The bytes of a file that is read, once. */
export interface FileBody {
  /** How many there are. */
  readonly length: number;
  /** Whether something of the service's is open for it. */
  readonly holdsConnection: boolean;
  /** All bytes at once, where they are in memory. Throws what `next` rejects with. */
  take?(): Uint8Array;
  /**
   * The next chunk, which belongs to the reader; where a target is given, it may be the beginning of that. Rejects,
   * rather than end early or give the last chunk of a body that is wrong, with a `StorageError`.
   */
  next(target?: Uint8Array): Promise<IteratorResult<Uint8Array, undefined>>;
  /** Frees what the body holds; a `next` that is pending, or asked for later, rejects. At the end it does nothing. Never rejects. */
  cancel(): Promise<void>;
}

/** All bytes of a body in one array that nobody else holds. */
export async function readWhole(body: FileBody): Promise<Uint8Array<ArrayBuffer>> {
  const first = await body.next();
  if (first.done === true) return new Uint8Array(0);
  // With the last chunk the body is over: whatever could be wrong with it was seen before that.
  if (first.value.byteLength === body.length) return owned(first.value);

  const whole = allocate(body.length);
  let offset = 0;
  for (let result: IteratorResult<Uint8Array, undefined> = first; result.done !== true; result = await body.next()) {
    whole.set(result.value, offset);
    offset += result.value.byteLength;
    if (offset === whole.byteLength) break;
  }
  return whole;
}

/** A body of one chunk is that chunk, without a copy, unless it lies in memory that others use. */
export function owned(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = chunk;
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength !== byteLength) return new Uint8Array(chunk);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Not zeroed: every byte is written, or the read rejects. */
function allocate(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
}
