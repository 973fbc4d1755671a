import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Agents } from './agents.ts';
import { closed } from './answer-body.ts';
import { nodeHttp, nodeHttps } from './node-http.ts';

/** A request that is ready to be sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Path and query, encoded. */
  readonly path: string;
  /** All of them, `host` too; sent as they are. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, or a stream of the length that the headers say. */
  readonly body?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

/** Sends a request. Resolves with the answer, whatever its status, its body unread. */
export type HttpSender = (request: HttpRequest, signal: AbortSignal) => Promise<IncomingMessage>;

export interface HttpPlace {
  readonly isTls: boolean;
  readonly hostname: string;
  /** `''`: that of the protocol. */
  readonly port: string;
}

/** Sends requests to one place over `node:http(s)`, one attempt each, without the layers of an SDK. */
export function createHttpSender({ isTls, hostname, port }: HttpPlace, agents: Agents): HttpSender {
  const { request: open } = isTls ? nodeHttps() : nodeHttp();
  const agent = isTls ? agents.https : agents.http;
  return ({ method, path, headers, body }, signal) => {
    const request = open({ agent, hostname, port, method, path, headers, setHost: false });
    return exchange(request, body, signal);
  };
}

/** Sends a request and its body until the answer begins. The body's own failure is what it rejects with. */
function exchange(request: ClientRequest, body: HttpRequest['body'], signal: AbortSignal): Promise<IncomingMessage> {
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

/** So long, in milliseconds, nobody looks whether an answer has come. */
const turnMs = 1;

/** Writes a body as fast as it is taken, and leaves it alone once the request is over. */
async function pump(body: AsyncIterable<Uint8Array>, request: ClientRequest): Promise<void> {
  const progress: { over: boolean; wake?: () => void } = { over: false };
  const end = (): void => {
    progress.over = true;
    progress.wake?.();
  };
  request.once('response', end).once('close', end);
  // The rest of the body is owed on this connection: nothing else can be sent on it.
  request.once('response', (answer) => {
    answer.once('end', () => {
      if (!request.writableEnded) request.destroy();
    });
  });
  request.on('drain', () => progress.wake?.());
  // A turn of the event loop reads what has come: a write on a connection that the server has closed would fail the
  // request, and lose the answer that is there.
  let turnedAt = performance.now();
  const woken = async (wakeUp?: (wake: () => void) => void): Promise<void> => {
    await new Promise<void>((resolve) => {
      progress.wake = resolve;
      wakeUp?.(resolve);
    });
    turnedAt = performance.now();
  };
  for await (const chunk of body) {
    if (performance.now() - turnedAt > turnMs) await woken(afterTurn);
    if (isOver(progress)) return;
    if (request.write(chunk)) continue;
    await woken();
    if (isOver(progress)) return;
  }
  await woken(afterTurn);
  if (!isOver(progress)) request.end();
}

/** Not by one `setImmediate`: where the loop is at what it has read, that comes before it looks for more. */
function afterTurn(wake: () => void): void {
  setImmediate(() => setImmediate(wake));
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
