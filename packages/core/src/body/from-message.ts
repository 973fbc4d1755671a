import { DriverFault } from '../errors/driver-fault.ts';
import { fromPieces } from './from-pieces.ts';
import type { UploadSource } from './upload-source.ts';

/** A `Response` or `Request`, of the platform or of a library. */
interface Message {
  readonly body: unknown;
  readonly bodyUsed?: unknown;
  readonly headers: { get(name: string): unknown };
}

export function isMessage(value: object): value is Message {
  const { headers } = value as { readonly headers?: { readonly get?: unknown } };
  return 'body' in value && typeof headers?.get === 'function';
}

/** The body of a message, with the type and length that its headers give. A used one throws `InvalidArgument`. */
export function fromMessage(message: Message, adopt: (body: unknown) => UploadSource): UploadSource {
  if (message.bodyUsed === true) throw new DriverFault('InvalidArgument', 'the body of the message was read already');
  const contentType = header(message, 'content-type');
  if (message.body === null || message.body === undefined) return fromPieces([], contentType);
  const source = adopt(message.body);
  return { ...source, contentType: contentType ?? source.contentType, size: source.size ?? lengthOf(message) };
}

/** `fetch` decodes a body with a content encoding, and leaves the header that counts it encoded. */
function lengthOf(message: Message): number | undefined {
  const length = header(message, 'content-length');
  if (length === undefined || !/^\d{1,15}$/.test(length)) return undefined;
  return header(message, 'content-encoding') === undefined ? Number(length) : undefined;
}

function header(message: Message, name: string): string | undefined {
  const value = message.headers.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
