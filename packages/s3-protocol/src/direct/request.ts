import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Agents } from '@storage/core/driver';
import { closed } from '../body-bytes.ts';
import type { Address } from './address.ts';
import { toError } from './answer.ts';
import type { KeyRing } from './credentials.ts';
import { type Clock, encodeQuery, type Signer } from './sigv4.ts';

export interface DirectRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** `''`: the bucket. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Names in lower case; those that start with `x-amz-` and `content-type` are signed. */
  readonly headers: Record<string, string>;
  readonly payload: string;
  /** Bytes, or a stream of the length in the headers. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

/** Signs and sends requests. Resolves with the answer, its body unread; rejects as the SDK does. */
export interface Sender {
  readonly send: (request: DirectRequest, signal: AbortSignal) => Promise<IncomingMessage>;
}

export interface SenderParts {
  readonly address: Address;
  readonly agents: Agents;
  readonly keyRing: KeyRing;
  readonly signer: Signer;
  readonly clock: Clock;
  /** Called with an answer whose connection must not be used again. */
  readonly leave: ((answer: IncomingMessage) => void) | undefined;
}

/** `open` of `node:http` or `node:https`, loaded when the driver opens. */
type Open = typeof import('node:http').request;

export async function createSender(parts: SenderParts): Promise<Sender> {
  const { address, agents, keyRing, signer, clock, leave } = parts;
  const { request: open } = (address.isTls ? await import('node:https') : await import('node:http')) as {
    request: Open;
  };
  const { hostname, port, host } = address;
  const agent = address.isTls ? agents.https : agents.http;

  return {
    async send({ method, key, query, headers, payload, body }, signal) {
      const known = keyRing.keys();
      const keys = known instanceof Promise ? await known : known;
      signal.throwIfAborted();
      const time = clock.now();
      const path = address.pathOf(key);
      const search = query === undefined ? '' : encodeQuery(query);
      headers['host'] = host;
      headers['x-amz-date'] = time.stamp;
      headers['x-amz-content-sha256'] = payload;
      if (keys.sessionToken !== undefined) headers['x-amz-security-token'] = keys.sessionToken;
      const signed = { method, path, query: search, headers: signable(headers), payload };
      headers['authorization'] = signer.authorization(signed, keys, time);
      const target = search === '' ? path : `${path}?${search}`;
      const request = open({ agent, hostname, port, method, path: target, headers, setHost: false });
      const answer = await exchange(request, body, signal);
      if ((answer.statusCode ?? 0) < 300) return answer;
      if (answer.statusCode === 412) leave?.(answer);
      // Read in any case, to its end: until then its connection is not free.
      const error = toError(answer, await textOfAnswer(answer));
      if (clock.learn(answer.headers.date)) error.$metadata.clockSkewCorrected = true;
      if (error.name === 'ExpiredToken') keyRing.expired();
      throw error;
    },
  };
}

/** The rest may be changed on the way by a proxy. */
function signable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const signed: Record<string, string> = {};
  for (const name in headers) {
    if (name.startsWith('x-amz-') || name === 'host' || name === 'content-type') signed[name] = headers[name] ?? '';
  }
  return signed;
}

/** Sends a request and its body until the answer begins. The body's own failure is what it rejects with. */
function exchange(request: ClientRequest, body: DirectRequest['body'], signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let failure: unknown;
    let isAnswered = false;
    const abort = (): void => {
      failure ??= abortError();
      request.destroy();
    };
    // Until the request is over, so that the body of an answer ends with its call.
    signal.addEventListener('abort', abort, { once: true });
    request.once('close', () => {
      signal.removeEventListener('abort', abort);
      // Of a request that was destroyed nothing else may come.
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the body threw
      if (!isAnswered) reject(failure ?? closed());
    });
    request.once('response', (answer) => {
      isAnswered = true;
      resolve(answer);
    });
    request.on('error', (error) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever the body threw
      reject(failure ?? error);
    });
    if (body === undefined || body instanceof Uint8Array) {
      request.end(body);
      return;
    }
    pump(body, request).catch((error: unknown) => {
      failure ??= error;
      request.destroy();
    });
  });
}

/** Writes a body as fast as it is taken, and leaves it alone once the request is over. */
async function pump(body: AsyncIterable<Uint8Array>, request: ClientRequest): Promise<void> {
  const progress: { over: boolean; wake?: () => void } = { over: false };
  const end = (): void => {
    progress.over = true;
    progress.wake?.();
  };
  request.once('response', end).once('close', end);
  request.on('drain', () => progress.wake?.());
  for await (const chunk of body) {
    if (isOver(progress)) return;
    if (request.write(chunk)) continue;
    await new Promise<void>((resolve) => {
      progress.wake = resolve;
    });
    if (isOver(progress)) return;
  }
  request.end();
}

/** As a function, since the compiler believes that no listener has changed it. */
function isOver(progress: { readonly over: boolean }): boolean {
  return progress.over;
}

function abortError(): Error {
  const error = new Error('the request was aborted');
  error.name = 'AbortError';
  return error;
}

/** An error has a short text; what is longer is none of the service's. */
const maxErrorBytes = 64 * 1024;

async function textOfAnswer(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > maxErrorBytes) break;
    }
  } catch {
    // The status says what there is to say.
  }
  return Buffer.concat(chunks).toString('utf8');
}
