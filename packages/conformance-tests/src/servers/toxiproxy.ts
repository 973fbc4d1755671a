import { startContainer } from './container.ts';
import { launch, NotHere } from './launch.ts';
import { startProcess } from './native-process.ts';
import type { Server, Skipped } from './server.ts';
import { toxiproxyBinary } from './toxiproxy-binary.ts';

const defaultImage = 'ghcr.io/shopify/toxiproxy:2.12.0';
const [controlPort, proxyPort] = [8474, 8666];

/** What slows a link down. */
export interface SlowLink {
  /** Milliseconds that everything from the server comes later. @default 0 */
  readonly latencyMs?: number;
  /** Kilobytes in a second, each way. @default as many as go */
  readonly kilobytesPerSecond?: number;
}

/** A slow link to a server. */
export interface SlowServer {
  /** The server's URL, its path included, with the address of the link. */
  readonly url: string;
  /** Makes the link as slow as this, from now on. */
  slow(link: SlowLink): Promise<void>;
}

/**
 * A Toxiproxy before a server of this machine, which delays and meters bytes as a network does: a container, or a process.
 *
 * @param target URL of the server, as this machine reaches it
 *
 * @example
 * const link = await startToxiproxy('http://127.0.0.1:9000');
 * if ('skipped' in link) return;
 * await link.access.slow({ latencyMs: 200, kilobytesPerSecond: 500 });
 */
export function startToxiproxy(target: string): Promise<Server<SlowServer> | Skipped> {
  return launch('Toxiproxy', [() => asContainer(target), () => asProcess(target)]);
}

async function asContainer(target: string): Promise<Server<SlowServer>> {
  const container = await startContainer({
    image: process.env['STORAGE_TEST_TOXIPROXY_IMAGE'] ?? defaultImage,
    port: controlPort,
    otherPorts: [proxyPort],
    reachesHost: true,
    readyPath: '/version',
    command: ['-host=0.0.0.0'],
  });
  const { hostname, port } = new URL(target);
  const upstream = ['127.0.0.1', 'localhost'].includes(hostname) ? 'host.docker.internal' : hostname;
  try {
    await listen(container.url, `0.0.0.0:${proxyPort}`, `${upstream}:${port}`);
    // A server that is a process listens where no container comes.
    await fetch(container.urlOf(proxyPort)).catch((error: unknown) => {
      throw new NotHere(`a container does not reach ${target}`, { cause: error });
    });
  } catch (error) {
    await container.stop();
    throw error;
  }
  const access = linkTo(target, container.url, container.urlOf(proxyPort));
  return { access, origin: 'container', stop: container.stop };
}

async function asProcess(target: string): Promise<Server<SlowServer>> {
  const server = await startProcess({
    file: await toxiproxyBinary(),
    args: (port) => ['-host', '127.0.0.1', '-port', String(port)],
    readyPath: '/version',
  });
  const { listen: address } = await listen(server.url, '127.0.0.1:0', new URL(target).host);
  return { access: linkTo(target, server.url, `http://${address}`), origin: 'process', stop: server.stop };
}

async function listen(control: string, address: string, upstream: string): Promise<{ readonly listen: string }> {
  return (await post(`${control}/proxies`, { name: 'server', listen: address, upstream })) as { listen: string };
}

function linkTo(target: string, control: string, url: string): SlowServer {
  const { pathname } = new URL(target);
  return {
    url: url + (pathname === '/' ? '' : pathname),
    slow: async ({ latencyMs = 0, kilobytesPerSecond }) => {
      await post(`${control}/reset`, {});
      const add = (toxic: object): Promise<unknown> => post(`${control}/proxies/server/toxics`, toxic);
      if (latencyMs > 0) await add({ type: 'latency', stream: 'downstream', attributes: { latency: latencyMs } });
      if (kilobytesPerSecond === undefined) return;
      for (const stream of ['upstream', 'downstream'])
        await add({ type: 'bandwidth', stream, attributes: { rate: kilobytesPerSecond } });
    },
  };
}

async function post(url: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`Toxiproxy answered ${answer.status}: ${said}`);
  return said === '' ? undefined : JSON.parse(said);
}
