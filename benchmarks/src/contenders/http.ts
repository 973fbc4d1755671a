import { Agent, type IncomingMessage, request } from 'node:http';
import type { Readable } from 'node:stream';

export interface WireRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE' | 'POST';
  /** `''` for the bucket or container. Keys of the benchmark need no encoding. */
  readonly key: string;
  /** Values as they are, not encoded; sorted by name. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable;
  /** Length of a stream. */
  readonly size?: number;
}

/** Signed requests over `node:http`, with as little as a client can do. */
export interface Wire {
  /** The answer, with its body still to be read. Rejects for a status from 400 on, unless it is a 404 to HEAD. */
  open(request: WireRequest): Promise<IncomingMessage>;
  /** The answer and its whole body. */
  send(request: WireRequest): Promise<{ response: IncomingMessage; body: Buffer }>;
  close(): void;
}

/** What signing adds to a request. */
export interface Signed {
  readonly path: string;
  readonly headers: Record<string, string>;
}

export function createWire(endpointUrl: string, sign: (request: WireRequest, length: number) => Signed): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const { hostname, port } = new URL(endpointUrl);

  function open(asked: WireRequest): Promise<IncomingMessage> {
    const { method, body, size } = asked;
    const length = size ?? (body instanceof Uint8Array ? body.byteLength : 0);
    const { path, headers } = sign(asked, length);
    if (method === 'PUT' || method === 'POST') headers['content-length'] = String(length);
    return new Promise((resolve, reject) => {
      const sent = request({ agent, hostname, port, method, path, headers }, (response) => {
        const status = response.statusCode ?? 0;
        if (status < 400 || (method === 'HEAD' && status === 404)) resolve(response);
        else readAll(response).then((text) => reject(new Error(`${method} ${path}: ${status} ${text}`)), reject);
      });
      sent.on('error', reject);
      if (body === undefined || body instanceof Uint8Array) sent.end(body);
      else body.on('error', reject).pipe(sent);
    });
  }

  return {
    open,
    async send(asked) {
      const response = await open(asked);
      return { response, body: await readAll(response) };
    },
    close: () => agent.destroy(),
  };
}

function readAll(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    response.on('error', reject);
  });
}
