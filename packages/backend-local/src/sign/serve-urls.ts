import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RequestHandler } from './request-handler.ts';

/** Where the development server listens. */
export interface ServeOptions {
  /** @default 0, which takes any free port */
  readonly port?: number | undefined;
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
}

/** A development server for signed URLs. */
export interface UrlServer extends AsyncDisposable {
  /** The address that signed URLs begin with. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts an HTTP server for a handler. */
export async function serve(
  handler: RequestHandler,
  { port = 0, host = '127.0.0.1' }: ServeOptions,
): Promise<UrlServer> {
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: actual, address, family } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${String(actual)}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}
