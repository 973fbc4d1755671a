import type { Servers as DocumentServers } from '../../docs/src/servers.ts';
import { startAzurite, startMinio, startMoto } from '../../packages/conformance-tests/src/servers.ts';
import type { Env } from './run.ts';
import type { Trial } from './trials.ts';

/** The servers that trials need, and what tells a process where they are. */
export interface Servers extends DocumentServers {
  readonly env: Env;
  stop(): Promise<void>;
}

const notNeeded = { skipped: 'no trial needs it' };

/** Starts what the trials need: from the environment, as containers, or as processes. */
export async function startServers(trials: readonly Trial[]): Promise<Servers> {
  const needs = (name: Trial['server']): boolean => trials.some(({ server }) => server === name);
  const [minio, azurite, moto] = await Promise.all([
    needs('minio') ? startMinio() : notNeeded,
    needs('azurite') ? startAzurite() : notNeeded,
    needs('moto') ? startMoto() : notNeeded,
  ]);
  return {
    minio: 'skipped' in minio ? minio : minio.access,
    azurite: 'skipped' in azurite ? azurite : azurite.access,
    moto: 'skipped' in moto ? moto : moto.access,
    env: {
      ...('skipped' in minio
        ? {}
        : {
            STORAGE_TEST_MINIO_ENDPOINT: minio.access.endpointUrl,
            STORAGE_TEST_MINIO_ACCESS_KEY: minio.access.accessKey,
            STORAGE_TEST_MINIO_SECRET_KEY: minio.access.secretKey,
          }),
      ...('skipped' in azurite
        ? {}
        : {
            STORAGE_TEST_AZURITE_ENDPOINT: azurite.access.endpointUrl,
            STORAGE_TEST_AZURITE_ACCOUNT_NAME: azurite.access.accountName,
            STORAGE_TEST_AZURITE_ACCOUNT_KEY: azurite.access.accountKey,
          }),
      ...('skipped' in moto ? {} : { STORAGE_TEST_MOTO_ENDPOINT: moto.access.endpointUrl }),
    },
    stop: async () => {
      if ('stop' in minio) await minio.stop();
      if ('stop' in azurite) await azurite.stop();
      if ('stop' in moto) await moto.stop();
    },
  };
}

/** Why the server of a trial is not there; undefined where it is, or none is needed. */
export function whyMissing({ server }: Trial, servers: Servers): string | undefined {
  if (server === undefined) return undefined;
  const found = servers[server];
  return 'skipped' in found ? found.skipped : undefined;
}
