import { DriverFault } from '../errors/driver-fault.ts';

/** The bytes of a chunk: its own memory, or text as UTF-8. Throws `InvalidArgument` that names another type. */
export function chunkBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk, 'utf8');
  const bytes = bufferBytes(chunk);
  if (bytes !== undefined) return bytes;
  throw new DriverFault(
    'InvalidArgument',
    `a chunk of the body is ${typeName(chunk)}; chunks are Uint8Array or string`,
  );
}

/** The bytes of a body that is in memory: text as UTF-8, a buffer or view not copied. Undefined of any other. */
export function bytesOf(body: unknown): Uint8Array | undefined {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : bufferBytes(body);
}

/** The bytes of an `ArrayBuffer` or of any view, not copied. */
function bufferBytes(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  // Not `instanceof`: a buffer may come from another realm.
  if (Object.prototype.toString.call(value) === '[object ArrayBuffer]') return new Uint8Array(value as ArrayBuffer);
  return undefined;
}

/** What a value is, for people. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
  const prototype: unknown = Object.getPrototypeOf(value);
  const name = (prototype as { readonly constructor?: { readonly name?: unknown } } | null)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object';
}
