import type { AddressInfo } from 'node:net';
import { checkOptions, count, defineOptions, type OptionsSchema, text, withDefault } from '@storage/core/driver';
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

const serveOptions: OptionsSchema<{ readonly port: number; readonly host: string }> = defineOptions({
  backend: 'serveUrls',
  fields: { port: withDefault(count({ max: 65_535 }), 0), host: withDefault(text(), '127.0.0.1') },
});

/** Starts an HTTP server for a handler. */
export async function serve(handler: RequestHandler, options: ServeOptions): Promise<UrlServer> {
  const { port, host } = checkOptions(serveOptions, options);
  // Not by an import, which reads all exports, and so loads all that Node has for the web, 30 ms of it.
  const { createServer } = process.getBuiltinModule('node:http');
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
