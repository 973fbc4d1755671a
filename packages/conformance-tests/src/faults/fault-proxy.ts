import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ProxiedRequest, ProxyRule } from './connection-fault.ts';
import { runExchange } from './proxied-exchange.ts';
import { chooser } from './proxy-rules.ts';

/** A proxy before an HTTP server, on whose connections things go wrong. Bytes and headers pass as they are. */
export interface FaultProxy {
  /** The server's URL, its path included, with the proxy's address. */
  readonly url: string;
  /** Faults that have happened since the proxy was armed. A test of a fault asserts it. */
  readonly fired: number;
  /** Requests since the proxy was armed, harmed or not, in order. */
  readonly requests: readonly ProxiedRequest[];
  /** Connections that are open. */
  readonly connections: number;
  /** Begins a new count with these rules. Connections of before are closed, so that none of them is in a state of before. */
  arm(...rules: readonly ProxyRule[]): Promise<void>;
  /** From now on connections are refused, until `arm`. */
  refuse(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a proxy before an HTTP server.
 *
 * @example
 * const proxy = await startFaultProxy('http://127.0.0.1:9000');
 * await proxy.arm({ method: 'PUT', path: '/report.pdf', fault: { kind: 'lose-answer' } });
 * await backendAt(proxy.url).save('report.pdf', bytes);
 * assert.equal(proxy.fired, 1);
 */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  let requests: ProxiedRequest[] = [];
  let choose = chooser([]);

  const handle = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const record = recordOf(incoming);
    requests.push(record);
    const fault = choose(record);
    if (fault !== undefined) record.fault = fault.kind;
    // The server or the client broke the connection: the other one sees it broken too.
    runExchange({ incoming, outgoing, target: to, record }, fault).catch(() => incoming.socket.destroy());
  };
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, handle);
  server.on('checkContinue', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.writeContinue();
    handle(incoming, outgoing);
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  const port = await listen(server, 0);

  const cut = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    // A client in this process learns of it in turns of the event loop of its own.
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    await cut();
    await closed;
  };
  return {
    url: `${to.protocol}//127.0.0.1:${port}${to.pathname === '/' ? '' : to.pathname}`,
    get fired() {
      return requests.filter((request) => request.fault !== undefined).length;
    },
    get requests() {
      return requests;
    },
    get connections() {
      return sockets.size;
    },
    arm: async (...rules) => {
      await cut();
      requests = [];
      choose = chooser(rules);
      if (!server.listening) await listen(server, port);
    },
    refuse: stop,
    close: stop,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function recordOf({ method = 'GET', url = '/', headers }: IncomingMessage): ProxiedRequest {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return { method, path: decodeURIComponent(path), query, headers };
}
