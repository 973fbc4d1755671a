import type { ClientRequest, Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { nodeHttp, nodeHttps } from './node-http.ts';

/** Pools of connections of one driver instance. */
export interface Agents {
  readonly http: HttpAgent;
  /** Made when it is asked for. */
  readonly https: HttpsAgent;
  destroy(): void;
}

export interface AgentsOptions {
  /** Most connections at once. */
  readonly maxSockets: number;
  /** Certificate authorities to trust, as PEM, in place of those that Node.js knows. */
  readonly ca?: string | undefined;
}

const stale = ' (on a reused connection, before any answer)';

/**
 * Keep-alive agents whose connection errors tell whether the connection was reused: see `isStaleConnection`. They go by the
 * proxies that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) where Node.js can: 22.21, 24.5 and later.
 * See https://nodejs.org/api/http.html#built-in-proxy-support
 */
export function createAgents({ maxSockets, ca }: AgentsOptions): Agents {
  const options = { keepAlive: true, maxSockets, proxyEnv: process.env };
  const http = tellingReuse(new (nodeHttp().Agent)(options));
  let https: HttpsAgent | undefined;
  return {
    http,
    get https() {
      https ??= tellingReuse(new (nodeHttps().Agent)(ca === undefined ? options : { ...options, ca }));
      return https;
    },
    destroy: () => {
      http.destroy();
      https?.destroy();
    },
  };
}

/** Whether a request failed because its kept-alive connection was already closed by the server. */
export function isStaleConnection(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith(stale);
}

/** SDKs hide the request, and some make a new error of its error: only the message gets through all of them. */
function tellingReuse<A extends HttpAgent>(agent: A): A {
  const reuseSocket = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket: Duplex, request: ClientRequest): void => {
    reuseSocket(socket, request);
    let answered = false;
    request.once('response', () => {
      answered = true;
    });
    request.prependOnceListener('error', (error: NodeJS.ErrnoException) => {
      if (!answered && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) error.message += stale;
    });
  };
  return agent;
}
