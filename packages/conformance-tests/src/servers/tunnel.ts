import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy as companies have one: it connects where it is asked to, by `CONNECT`, and sees nothing of what passes. */
export interface Tunnel {
  /** For `HTTPS_PROXY`. */
  readonly url: string;
  /** Where it was asked to connect to, as `host:port`, in order. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts a proxy on this machine that wants a name and a password.
 *
 * @example
 * const tunnel = await startTunnel();
 * process.env['HTTPS_PROXY'] = tunnel.url;
 */
export async function startTunnel(): Promise<Tunnel> {
  const asked: string[] = [];
  const open = new Set<Duplex>();
  const expected = `Basic ${Buffer.from('user:pass-word').toString('base64')}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    if (request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const target = String(request.url);
    asked.push(target);
    const [host, port] = target.split(':');
    const service = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      service.write(head);
      service.pipe(client).pipe(service);
    });
    for (const [end, other] of [
      [client, service],
      [service, client],
    ] as const) {
      open.add(end);
      end.once('error', () => other.destroy()).once('close', () => open.delete(end));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://user:pass-word@127.0.0.1:${String(port)}`,
    asked,
    stop: async () => {
      for (const end of open) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
