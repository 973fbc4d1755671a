import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { LocalBackend, type LocalOptions } from '../../src/index.ts';
import { temporaryFolder } from '../store.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** The address of a server that passes requests on, until the test ends. */
export async function listen(listener?: RequestListener): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer();
  if (listener !== undefined) server.on('request', listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, server };
}

/** A backend in an empty folder, whose signed URLs can be fetched; `path`: the one of its `publicUrl`. */
export async function servedBackend(options: Partial<LocalOptions> = {}, path = ''): Promise<LocalBackend> {
  const { url, server } = await listen();
  const basePath = await temporaryFolder();
  const backend = new LocalBackend({ basePath, publicUrl: `${url}${path}`, ...options });
  server.on('request', backend.requestHandler());
  return backend;
}

interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Sent as it is, in place of the URL's. */
  readonly path?: string;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** What `fetch` does not allow: any header, and any path. */
export function rawRequest(url: string, given: RawRequest = {}): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, body, path } = given;
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, ...(path !== undefined && { path }) } as const;
    const request = httpRequest(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, headers: answered, text: Buffer.concat(chunks).toString() });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
