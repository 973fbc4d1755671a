import { once } from 'node:events';
import { type Agent, createServer, get, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { get as getSecurely } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Agents, createAgents, isStaleConnection } from '../../src/driver-kit/agents.ts';
import { classifyConnection } from '../../src/driver-kit/connection-errors.ts';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

/** A server that answers the first request of each connection and resets it on the second one. */
async function serveOncePerConnection(): Promise<number> {
  const served = new WeakSet<Socket>();
  const server = createServer((request, response) => {
    if (served.has(request.socket)) {
      request.socket.resetAndDestroy();
      return;
    }
    served.add(request.socket);
    response.end('ok');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(server);
  return (server.address() as AddressInfo).port;
}

async function agentsOf(): Promise<Agents> {
  const agents = createAgents({ maxSockets: 1 });
  opened.push({ close: () => agents.destroy() });
  return agents;
}

function ask(port: number, agent: Agent, headers?: OutgoingHttpHeaders): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ port, agent, host: '127.0.0.1', ...(headers && { headers }) }, (response) => {
      response.resume();
      response.once('end', () => setImmediate(() => resolve(response.statusCode)));
    }).once('error', reject);
  });
}

test('a reset of a reused connection, before any answer, says so', async () => {
  const port = await serveOncePerConnection();
  const { http } = await agentsOf();
  expect(await ask(port, http)).toBe(200);
  const error: unknown = await ask(port, http).catch((reason: unknown) => reason);
  expect(isStaleConnection(error)).toBe(true);
  expect(classifyConnection(error)).toEqual({
    code: 'Unavailable',
    retryable: 'ambiguous',
    staleConnection: true,
    providerCode: 'ECONNRESET',
  });
  expect(await ask(port, http)).toBe(200);
});

test('a reset of a fresh connection is lost, not stale', async () => {
  const server = createServer((request) => request.socket.resetAndDestroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(server);
  const { http } = await agentsOf();
  const error: unknown = await ask((server.address() as AddressInfo).port, http).catch((reason: unknown) => reason);
  expect(classifyConnection(error)).toEqual({
    code: 'Unavailable',
    retryable: 'ambiguous',
    providerCode: 'ECONNRESET',
  });
});

test('a connection that never came about applied nothing', async () => {
  const { http } = await agentsOf();
  const error: unknown = await ask(1, http).catch((reason: unknown) => reason);
  expect(classifyConnection(error)).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
});

test('an error that is not of a connection is left to the driver', () => {
  expect(classifyConnection(new TypeError('x'))).toBeUndefined();
  expect(classifyConnection(Object.assign(new Error('x'), { code: 'BlobNotFound' }))).toBeUndefined();
  expect(classifyConnection('ECONNRESET')).toBeUndefined();
});

test('a certificate that is not trusted is not worth a retry, and names the setting', () => {
  const error = Object.assign(new Error('x'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  expect(classifyConnection(error)).toMatchObject({
    retryable: 'no',
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  });
});

describe('a proxy that the environment names', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** A proxy that notes what it is asked for, and answers for the service. */
  async function startProxy(): Promise<{ readonly url: string; readonly asked: string[] }> {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(`${String(request.method)} ${String(request.url)}`);
      response.end('ok');
    }).listen(0, '127.0.0.1');
    proxy.on('connect', (request: IncomingMessage, socket: Duplex) => {
      asked.push(`CONNECT ${String(request.url)} ${String(request.headers['proxy-authorization'])}`);
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    await once(proxy, 'listening');
    opened.push(proxy);
    return { url: `http://user:pass-word@127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
  }

  test('is asked over http, and again on the same connection', async () => {
    const { url, asked } = await startProxy();
    vi.stubEnv('HTTP_PROXY', url);
    vi.stubEnv('NO_PROXY', undefined);
    const { http } = await agentsOf();
    const headers = { host: '127.0.0.1:1' };
    for (const _ of [1, 2]) expect(await ask(1, http, headers)).toBe(200);
    expect(asked).toEqual(['GET http://127.0.0.1:1/', 'GET http://127.0.0.1:1/']);
  });

  test('is left out where NO_PROXY says so', async () => {
    const { url, asked } = await startProxy();
    vi.stubEnv('HTTP_PROXY', url);
    vi.stubEnv('NO_PROXY', '127.0.0.1');
    const { http } = await agentsOf();
    expect(await ask(await serveOncePerConnection(), http)).toBe(200);
    expect(asked).toEqual([]);
  });

  test('is asked for a tunnel over https, and its refusal shows no password', async () => {
    const { url, asked } = await startProxy();
    vi.stubEnv('HTTPS_PROXY', url);
    vi.stubEnv('NO_PROXY', undefined);
    const { https } = await agentsOf();
    const error: unknown = await new Promise((resolve) => {
      getSecurely({ port: 443, agent: https, host: 'service.invalid' }).once('error', resolve);
    });
    expect(asked).toEqual([`CONNECT service.invalid:443 Basic ${Buffer.from('user:pass-word').toString('base64')}`]);
    expect(error).toMatchObject({ code: 'ERR_PROXY_TUNNEL' });
    expect(inspect(error)).not.toContain('pass-word');
  });
});
