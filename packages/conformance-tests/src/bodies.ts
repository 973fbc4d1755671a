/** Bytes that look like no other of another seed, and reveal a shift or a repeat. */
export function pattern(size: number, seed = 1): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let index = 0; index < words.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return new Uint8Array(words.buffer, 0, size);
}

/** `bytes` in pieces of `chunkSize`. */
function* chunksOf(bytes: Uint8Array, chunkSize: number): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.byteLength; at += chunkSize) yield bytes.subarray(at, at + chunkSize);
}

/** A web stream of unknown size. */
export function webStream(bytes: Uint8Array, chunkSize: number = 16 * 1024): ReadableStream<Uint8Array> {
  const chunks = chunksOf(bytes, chunkSize);
  return new ReadableStream({
    pull: (controller) => {
      const next = chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(Uint8Array.from(next.value));
    },
  });
}

/** An async iterable of unknown size, which cannot be opened again. */
export async function* iterable(
  bytes: Uint8Array,
  chunkSize: number = 16 * 1024,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunksOf(bytes, chunkSize)) {
    await Promise.resolve();
    yield chunk;
  }
}

/** A body that gives `bytes` and then throws. */
export async function* failingBody(bytes: Uint8Array, error: Error): AsyncGenerator<Uint8Array, void, undefined> {
  yield* iterable(bytes);
  throw error;
}

/** A body that gives `bytes`, tells so, and then waits until it is returned or released. */
export function hangingBody(bytes: Uint8Array): {
  readonly body: AsyncIterable<Uint8Array>;
  /** Resolves when the bytes were taken and more is asked for. */
  readonly reached: Promise<void>;
  /** Lets the body end. */
  readonly release: () => void;
  /** Lets the body fail. */
  readonly fail: () => void;
  /** Whether the consumer gave the iterator back. */
  readonly returned: () => boolean;
} {
  const reached = signalled();
  const released = signalled();
  let [returned, failed] = [false, false];
  const chunks = chunksOf(bytes, 16 * 1024);
  const iterator: AsyncIterator<Uint8Array> = {
    next: async () => {
      const next = chunks.next();
      if (next.done !== true) return { done: false, value: next.value };
      reached.fire();
      await released.promise;
      if (failed) throw new Error('the source was given up');
      return { done: true, value: undefined };
    },
    return: async () => {
      returned = true;
      released.fire();
      return { done: true, value: undefined };
    },
  };
  const body: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => iterator };
  const fail = (): void => {
    failed = true;
    released.fire();
  };
  return { body, reached: reached.promise, release: released.fire, fail, returned: () => returned };
}

/** A promise and what resolves it. */
export function signalled(): { readonly promise: Promise<void>; readonly fire: () => void } {
  let fire = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { promise, fire: () => fire() };
}

/** Bytes of UTF-8 text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** All chunks as one array. */
export function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
