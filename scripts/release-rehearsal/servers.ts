import { type Server, type Skipped, startAzurite, startMinio } from '../../packages/conformance-tests/src/servers.ts';
import type { Env } from './run.ts';
import type { Trial } from './trials.ts';

/** The servers that trials need, and what tells a process where they are. */
export interface Servers {
  readonly env: Env;
  /** Why a server is not there, by its name. */
  readonly skipped: ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

type Started = { readonly env: Env; readonly stop: () => Promise<void> } | Skipped;

const launchers: Readonly<Record<NonNullable<Trial['server']>, () => Promise<Started>>> = {
  minio: async () =>
    started(await startMinio(), ({ endpointUrl, accessKey, secretKey }) => ({
      STORAGE_TEST_MINIO_ENDPOINT: endpointUrl,
      STORAGE_TEST_MINIO_ACCESS_KEY: accessKey,
      STORAGE_TEST_MINIO_SECRET_KEY: secretKey,
    })),
  azurite: async () =>
    started(await startAzurite(), ({ endpointUrl, accountName, accountKey }) => ({
      STORAGE_TEST_AZURITE_ENDPOINT: endpointUrl,
      STORAGE_TEST_AZURITE_ACCOUNT_NAME: accountName,
      STORAGE_TEST_AZURITE_ACCOUNT_KEY: accountKey,
    })),
};

function started<A>(server: Server<A> | Skipped, envOf: (access: A) => Env): Started {
  return 'skipped' in server ? server : { env: envOf(server.access), stop: server.stop };
}

export async function startServers(trials: readonly Trial[]): Promise<Servers> {
  const names = [...new Set(trials.flatMap(({ server }) => (server === undefined ? [] : [server])))];
  const all = await Promise.all(names.map(async (name) => [name, await launchers[name]()] as const));
  const env: Record<string, string> = {};
  const skipped = new Map<string, string>();
  const stops: (() => Promise<void>)[] = [];
  for (const [name, server] of all) {
    if ('skipped' in server) {
      skipped.set(name, server.skipped);
      continue;
    }
    Object.assign(env, server.env);
    stops.push(server.stop);
  }
  return {
    env,
    skipped,
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()));
    },
  };
}
