import type { BodyStream, GetRequest, GetResponse, UploadBody } from '@storage/core/driver';
import type { Fault } from './faults.ts';
import { connectionReset } from './faults.ts';

/** The answer of a read, with what goes wrong on its way. */
export function harmAnswer(fault: Fault | undefined, answer: GetResponse, signal: AbortSignal): GetResponse {
  if (fault?.kind !== 'cut-body' && fault?.kind !== 'stall-body' && fault?.kind !== 'truncate-body') {
    return fault?.kind === 'corrupt-body' ? { ...answer, body: streamOf(answer.body, flipFirstBit) } : answer;
  }
  return {
    ...answer,
    body: streamOf(answer.body, (chunks, cancelled) => stopAfter(chunks, fault, AbortSignal.any([signal, cancelled]))),
  };
}

/** The request that is sent in place of a ranged one. */
export function harmRange(fault: Fault | undefined, request: GetRequest): GetRequest {
  if (fault?.kind !== 'wrong-range' || request.range === undefined) return request;
  const { range, ...whole } = request;
  if (fault.answer !== 'shifted') return whole;
  if ('suffix' in range) return { ...request, range: { suffix: Math.max(1, range.suffix - 1) } };
  return { ...request, range: { ...range, start: range.start + 1 } };
}

/** The answer labelled as what was asked for, where that is the lie. */
export function relabel(fault: Fault | undefined, request: GetRequest, answer: GetResponse): GetResponse {
  if (fault?.kind !== 'wrong-range' || fault.answer !== 'mislabelled' || request.range === undefined) return answer;
  const { size } = answer.info;
  if ('suffix' in request.range)
    return { ...answer, range: { start: Math.max(0, size - request.range.suffix), end: size } };
  const { start, end = size } = request.range;
  return { ...answer, range: { start, end: Math.min(end, size) } };
}

/** The body of an upload whose connection breaks or stalls. */
export function harmUpload(fault: Fault | undefined, body: UploadBody, signal: AbortSignal): UploadBody {
  if (fault?.kind !== 'cut-body' && fault?.kind !== 'stall-body') return body;
  const { pieces: _pieces, ...rest } = body;
  return { ...rest, open: () => stopAfter(body.open(), fault, signal) };
}

type Stop = Extract<Fault, { kind: 'cut-body' | 'stall-body' | 'truncate-body' }>;

async function* stopAfter(
  chunks: AsyncIterable<Uint8Array>,
  fault: Stop,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let left = fault.afterBytes;
  for await (const chunk of chunks) {
    if (chunk.byteLength < left) {
      left -= chunk.byteLength;
      yield chunk;
      continue;
    }
    if (left > 0) yield chunk.subarray(0, left);
    break;
  }
  if (fault.kind === 'truncate-body') return;
  if (fault.kind === 'cut-body') throw fault.error?.() ?? connectionReset();
  await aborted(signal);
}

/** Rejects when the signal aborts, and never resolves. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

async function* flipFirstBit(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let first = true;
  for await (const chunk of chunks) {
    if (!first || chunk.byteLength === 0) {
      yield chunk;
      continue;
    }
    first = false;
    const copy = Uint8Array.from(chunk);
    copy[0] = (copy[0] ?? 0) ^ 1;
    yield copy;
  }
}

function streamOf(
  body: Uint8Array | BodyStream,
  harm: (chunks: AsyncIterable<Uint8Array>, cancelled: AbortSignal) => AsyncGenerator<Uint8Array, void, undefined>,
): BodyStream {
  const cancelled = new AbortController();
  const chunks = harm(body instanceof Uint8Array ? oneChunk(body) : body, cancelled.signal);
  const cancel = async (): Promise<void> => {
    cancelled.abort(connectionReset());
    if (!(body instanceof Uint8Array)) await body.cancel();
  };
  // A generator that was never started would not free the body when it is given back.
  const giveBack = async (): Promise<IteratorResult<Uint8Array>> => {
    await cancel();
    return { done: true, value: undefined };
  };
  return { cancel, [Symbol.asyncIterator]: () => ({ next: () => chunks.next(), return: giveBack }) };
}

/** Keeps a body in `open` until it has ended, failed or been given back. */
export function trackBody(answer: GetResponse, open: Set<object>): GetResponse {
  const { body } = answer;
  if (body instanceof Uint8Array) return answer;
  open.add(body);
  const over = (): boolean => open.delete(body);
  const iterate = (): AsyncIterator<Uint8Array> => {
    const iterator = body[Symbol.asyncIterator]();
    return {
      next: async () => {
        try {
          const next = await iterator.next();
          if (next.done === true) over();
          return next;
        } catch (error) {
          over();
          throw error;
        }
      },
      return: async () => {
        over();
        return (await iterator.return?.()) ?? { done: true, value: undefined };
      },
    };
  };
  const cancel = async (): Promise<void> => {
    over();
    await body.cancel();
  };
  return { ...answer, body: { cancel, [Symbol.asyncIterator]: iterate } };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
