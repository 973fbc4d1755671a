import { DriverFault } from '../errors/driver-fault.ts';
import { bodyFailure } from './body-failure.ts';
import { bytesOf, typeName } from './chunk.ts';
import { fromBlob, isBlob } from './from-blob.ts';
import { fromIterable, isIterable } from './from-iterable.ts';
import { fromMessage, isMessage } from './from-message.ts';
import { fromNodeStream, isNodeStream } from './from-node-stream.ts';
import { fromOpener } from './from-opener.ts';
import { fromPieces } from './from-pieces.ts';
import { fromWebStream, isWebStream } from './from-web-stream.ts';
import type { UploadSource } from './upload-source.ts';

const accepted =
  'a string, bytes (Uint8Array, ArrayBuffer, any view), a Blob or File, a web or Node stream, an iterable of chunks, ' +
  'a Response or Request, or a function that returns one of these';

/** Makes a source of anything that `save` takes; throws `InvalidArgument` that says what that is. */
export async function toUploadSource(input: unknown): Promise<UploadSource> {
  if (typeof input !== 'function') return adopt(input);
  const open = input as () => unknown;
  return fromOpener(async () => adopt(await callOpener(open)));
}

async function callOpener(open: () => unknown): Promise<unknown> {
  try {
    return await open();
  } catch (error) {
    throw bodyFailure(error);
  }
}

function adopt(input: unknown): UploadSource {
  const bytes = bytesOf(input);
  if (bytes !== undefined) return fromPieces(bytes.byteLength === 0 ? [] : [bytes]);
  if (typeof input !== 'object' || input === null) throw notABody(input);
  if (isBlob(input)) return fromBlob(input);
  if (isWebStream(input)) return fromWebStream(input, undefined);
  if (isNodeStream(input)) return fromNodeStream(input);
  if (isMessage(input)) return fromMessage(input, adopt);
  if (isIterable(input)) return fromIterable(input);
  throw notABody(input);
}

function notABody(input: unknown): DriverFault {
  return new DriverFault('InvalidArgument', `the body is ${typeName(input)}; it must be ${accepted}`);
}
