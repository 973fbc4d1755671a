import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived; header names are in lower case. */
export interface ScriptedRequest {
  readonly method: string;
  /** Key of the blob; empty for the container. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What is answered; `'reset'` closes the connection instead. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface ScriptedService {
  /** Address of the account; its container is `uploads`. */
  readonly endpointUrl: string;
  readonly requests: readonly ScriptedRequest[];
  close(): Promise<void>;
}

export const accountName = 'mycompany';
export const accountKey: string = Buffer.alloc(64, 'k').toString('base64');
export const containerName = 'uploads';

/**
 * An HTTP server that answers as a script says: for what Azurite cannot show. The answers are those that the service's
 * documentation describes.
 */
export async function startScriptedService(
  answer: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>,
): Promise<ScriptedService> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void read(incoming).then(async (request) => {
      requests.push(request);
      const { status, headers = {}, body = '' } = await answer(request);
      const common = { 'x-ms-request-id': `R${requests.length}`, 'x-ms-version': '2026-10-06' };
      outgoing.writeHead(status, { ...common, 'content-length': Buffer.byteLength(body), ...headers });
      outgoing.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpointUrl: `http://127.0.0.1:${port}/${accountName}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(incoming: IncomingMessage): Promise<ScriptedRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const [, , , ...key] = url.pathname.split('/');
  return {
    method: incoming.method ?? '',
    key: decodeURIComponent(key.join('/')),
    query: url.searchParams,
    headers: incoming.headers as Record<string, string>,
    body: Buffer.concat(pieces),
  };
}
