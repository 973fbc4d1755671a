import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConnectionFault } from './connection-fault.ts';

/** Headers that concern one connection. */
const hopByHop: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'upgrade']);

/** Header lines as they came, without those of the connection. */
export function endToEnd(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name, value] = rawHeaders.slice(at, at + 2) as [string, string];
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** Sends the server's answer to the client, with what goes wrong on its way. */
export async function passAnswer(
  answer: IncomingMessage,
  outgoing: ServerResponse,
  fault: ConnectionFault | undefined,
): Promise<void> {
  outgoing.sendDate = false;
  if (fault?.kind === 'shorten-answer') return shorten(answer, outgoing, fault.afterBytes);
  const { status, headers } = harmHead(answer, fault);
  outgoing.writeHead(status, answer.statusMessage, headers);
  // At once: a client learns of a body that stalls only from headers that are here.
  outgoing.flushHeaders();
  const socket = outgoing.socket;
  switch (fault?.kind) {
    case 'reset-answer':
      await sendFirst(answer, outgoing, fault.afterBytes);
      socket?.resetAndDestroy();
      return;
    case 'end-answer':
      await sendFirst(answer, outgoing, fault.afterBytes);
      socket?.end();
      return;
    case 'stall-answer':
      await sendFirst(answer, outgoing, fault.afterBytes);
      return;
    case 'corrupt-answer':
      await send(outgoing, flipFirstBit(answer));
      break;
    case 'wrong-range':
      await send(outgoing, fault.answer === 'shifted' ? answer : inTheirPlace(answer));
      break;
    default:
      await send(outgoing, answer);
  }
  outgoing.end();
}

/** The first bytes are taken before the headers are sent: these say how many there are. */
async function shorten(answer: IncomingMessage, outgoing: ServerResponse, bytes: number): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of firstOf(answer, bytes)) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  answer.destroy();
  const headers = replaced(endToEnd(answer.rawHeaders), lengthOf(body.byteLength));
  outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
  outgoing.end(body);
}

function harmHead(answer: IncomingMessage, fault: ConnectionFault | undefined): { status: number; headers: string[] } {
  const status = answer.statusCode ?? 502;
  const headers = endToEnd(answer.rawHeaders);
  const extent = extentOf(answer);
  if (fault?.kind !== 'wrong-range' || extent === undefined) return { status, headers };
  const { start, end, size } = extent;
  switch (fault.answer) {
    case 'whole':
      return { status: 200, headers: replaced(headers, { ...lengthOf(size), 'content-range': undefined }) };
    case 'shifted':
      return { status, headers: replaced(headers, { 'content-range': `bytes ${start + 1}-${end}/${size}` }) };
    case 'mislabelled':
      return { status, headers: replaced(headers, lengthOf(size)) };
  }
}

function lengthOf(bytes: number): Record<string, string | undefined> {
  return { 'content-length': String(bytes), 'transfer-encoding': undefined };
}

function replaced(headers: readonly string[], changes: Readonly<Record<string, string | undefined>>): string[] {
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const [name, value] = headers.slice(at, at + 2) as [string, string];
    if (!(name.toLowerCase() in changes)) kept.push(name, value);
  }
  for (const [name, value] of Object.entries(changes)) if (value !== undefined) kept.push(name, value);
  return kept;
}

/** Where the bytes of a partial answer lie; undefined for one that is not partial. */
function extentOf(answer: IncomingMessage): { start: number; end: number; size: number } | undefined {
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers['content-range'] ?? '') ?? [];
  if (size === undefined) return undefined;
  return { start: Number(first), end: Number(last) + 1, size: Number(size) };
}

/** The bytes of a part where they are in the whole, and zeros around them. */
async function* inTheirPlace(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  const extent = extentOf(answer);
  if (extent !== undefined) yield new Uint8Array(extent.start);
  yield* answer as AsyncIterable<Uint8Array>;
  if (extent !== undefined) yield new Uint8Array(extent.size - extent.end);
}

async function* flipFirstBit(answer: IncomingMessage): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    const copy = Uint8Array.from(chunk);
    if (first && copy.byteLength > 0) {
      copy[0] = (copy[0] as number) ^ 1;
      first = false;
    }
    yield copy;
  }
}

/** Sends at most so many bytes, and stops reading the server's. */
async function sendFirst(answer: IncomingMessage, outgoing: ServerResponse, bytes: number): Promise<void> {
  await send(outgoing, firstOf(answer, bytes));
  answer.destroy();
  // What the kernel has not taken yet would be lost with the connection.
  await new Promise((resolve) => setImmediate(resolve));
}

async function* firstOf(answer: IncomingMessage, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  if (left === 0) return;
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    yield chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) return;
  }
}

async function send(outgoing: ServerResponse, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (outgoing.destroyed) return;
    if (chunk.byteLength > 0) await written(outgoing, chunk);
  }
}

/** Resolves when the chunk has left, or when it never will. */
function written(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('close', done);
      resolve();
    };
    outgoing.once('close', done);
    outgoing.write(chunk, done);
  });
}
