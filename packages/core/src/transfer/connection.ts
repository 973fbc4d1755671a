import type { BodyStream } from '../driver.ts';
import { freeBody } from './fetch-span.ts';

type ReadableBody = BodyStream & Required<Pick<BodyStream, 'read'>>;

/** A body that is being read from the service. */
export interface Connection {
  /** The next chunk, which may be the beginning of the target. */
  next(target?: Uint8Array): Promise<IteratorResult<Uint8Array, unknown>>;
  free(): Promise<void>;
}

export function connect(body: BodyStream | Uint8Array): Connection {
  let next: Connection['next'] | undefined;
  return {
    next(target) {
      next ??= target !== undefined && isReadable(body) ? (into) => read(body, into) : iterate(body);
      return next(target);
    },
    free: () => freeBody(body),
  };
}

function isReadable(body: BodyStream | Uint8Array): body is ReadableBody {
  return !(body instanceof Uint8Array) && body.read !== undefined;
}

function iterate(body: BodyStream | Uint8Array): Connection['next'] {
  const chunks = body instanceof Uint8Array ? once(body) : body[Symbol.asyncIterator]();
  return () => chunks.next();
}

/** Without a target, nothing but the end is expected. */
async function read(
  body: ReadableBody,
  target: Uint8Array = new Uint8Array(1),
): Promise<IteratorResult<Uint8Array, undefined>> {
  const size = await body.read(target);
  return size === 0 ? { done: true, value: undefined } : { done: false, value: target.subarray(0, size) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
