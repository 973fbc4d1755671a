import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy before a server, which can cut what comes from it. */
export interface TcpProxy {
  /** The server's URL with the proxy's address. */
  readonly url: string;
  /** Connections cut so far. */
  readonly cuts: number;
  /** From now on resets each connection as soon as the server has sent so many bytes on it; open ones are closed. */
  cutAfter(bytes: number): void;
  /** Lets everything pass again. */
  heal(): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy before an HTTP server.
 *
 * @example
 * const proxy = await startTcpProxy('http://127.0.0.1:9000');
 * proxy.cutAfter(100_000);
 */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port, protocol, pathname } = new URL(target);
  const open = new Set<Socket>();
  let [limit, cuts] = [Number.POSITIVE_INFINITY, 0];

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    open.add(client);
    let sent = 0;
    const end = (): void => {
      open.delete(client);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      sent += chunk.byteLength;
      if (sent < limit) {
        if (!client.write(chunk)) upstream.pause();
        return;
      }
      cuts += 1;
      upstream.removeListener('close', end).destroy();
      // What was let through before must arrive: a reset would overtake it.
      client.write(chunk.subarray(0, Math.max(0, limit - (sent - chunk.byteLength))), () => client.resetAndDestroy());
    });
    client.on('drain', () => upstream.resume());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');

  const closeAll = (): void => {
    for (const client of open) client.destroy();
  };
  return {
    url: `${protocol}//127.0.0.1:${address.port}${pathname === '/' ? '' : pathname}`,
    get cuts() {
      return cuts;
    },
    cutAfter: (bytes) => {
      limit = bytes;
      // Connections that were opened before would count from before.
      closeAll();
    },
    heal: () => {
      limit = Number.POSITIVE_INFINITY;
    },
    close: async () => {
      closeAll();
      server.close();
      await once(server, 'close');
    },
  };
}
