import { readFile } from 'node:fs/promises';
import type { GenericContainer, StartedTestContainer } from 'testcontainers';
import { NotHere } from './launch.ts';

/** A container and the ports of it that tests use. */
export interface ContainerRequest {
  readonly image: string;
  readonly port: number;
  readonly otherPorts?: readonly number[];
  /** Whether it reaches this machine, as `host.docker.internal`. @default false */
  readonly reachesHost?: boolean;
  /** Path that answers 200 when the server is ready; without one, the open port is enough. */
  readonly readyPath?: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningContainer {
  readonly url: string;
  /** The address of any of its ports. */
  readonly urlOf: (port: number) => string;
  /** Its first process, where the engine is on this machine. */
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}

const hostGateway = { host: 'host.docker.internal', ipAddress: 'host-gateway' };

/** Starts a container where a Docker engine answers and `testcontainers` is installed. */
export async function startContainer(request: ContainerRequest): Promise<RunningContainer> {
  const { GenericContainer: Container, Wait } = await engine();
  const ready =
    request.readyPath === undefined ? Wait.forListeningPorts() : Wait.forHttp(request.readyPath, request.port);
  const container: GenericContainer = new Container(request.image)
    .withExposedPorts(request.port, ...(request.otherPorts ?? []))
    .withExtraHosts(request.reachesHost === true ? [hostGateway] : [])
    .withCommand([...request.command])
    .withEnvironment({ ...request.environment })
    .withWaitStrategy(ready);
  const started = await container.start().catch((error: unknown) => {
    // Most often the image cannot be pulled; a process may still do.
    throw new NotHere(`the container of ${request.image} did not start (${String(error)})`, { cause: error });
  });
  // An engine may answer on IPv4 only, where `localhost` is tried as IPv6 first.
  const host = started.getHost() === 'localhost' ? '127.0.0.1' : started.getHost();
  const urlOf = (port: number): string => `http://${host}:${started.getMappedPort(port)}`;
  return {
    url: urlOf(request.port),
    urlOf,
    pid: await localPid(started),
    stop: async () => {
      await started.stop();
    },
  };
}

/** An engine on another machine, or in one of its own as on macOS, counts processes that are not ours. */
async function localPid(started: StartedTestContainer): Promise<number | undefined> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const client = await getContainerRuntimeClient();
  const { Id, State } = await client.container.inspect(client.container.getById(started.getId()));
  const cgroup = await readFile(`/proc/${State.Pid}/cgroup`, 'utf8').catch(() => '');
  return cgroup.includes(Id) ? State.Pid : undefined;
}

/** `testcontainers` is an optional peer: users of the suite who bring their own servers need not install it. */
async function engine(): Promise<typeof import('testcontainers')> {
  const module = await import('testcontainers').catch((error: unknown) => {
    if (isMissingModule(error)) throw new NotHere('testcontainers is not installed');
    throw error;
  });
  await module.getContainerRuntimeClient().catch((error: unknown) => {
    throw new NotHere('no Docker engine answers', { cause: error });
  });
  return module;
}

function isMissingModule(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
}
