import type { BodyStream } from '../driver.ts';
import { freeBody } from './fetch-span.ts';

/** A body that is being read from the service. */
export interface Connection {
  next(): Promise<IteratorResult<Uint8Array, unknown>>;
  free(): Promise<void>;
}

export function connect(body: BodyStream | Uint8Array): Connection {
  const chunks = body instanceof Uint8Array ? once(body) : body[Symbol.asyncIterator]();
  return { next: () => chunks.next(), free: () => freeBody(body) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
