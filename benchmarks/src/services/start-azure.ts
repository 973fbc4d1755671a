import { startAzurite } from '@storage/conformance-tests/servers';
import { createAzureWire } from '../contenders/azure/wire.ts';
import type { Wire } from '../contenders/http.ts';
import type { RunningService } from './service.ts';
import type { AzureStore, Store } from './store.ts';

export async function startAzure(): Promise<RunningService> {
  const server = await startAzurite();
  if ('skipped' in server) throw new Error(server.skipped);
  const wireOf = (container: string): Wire => createAzureWire({ ...server.access, container });
  return {
    described: `Azurite (${server.origin}), data in memory`,
    pid: server.pid,
    async makeStore(name) {
      const container = `bench-${name}`.slice(0, 63);
      const wire = wireOf(container);
      await wire.send({ method: 'PUT', key: '', query: { restype: 'container' } });
      wire.close();
      const store: AzureStore = { ...server.access, container };
      return store;
    },
    async removeStore(store: Store) {
      const wire = wireOf((store as AzureStore).container);
      await wire.send({ method: 'DELETE', key: '', query: { restype: 'container' } });
      wire.close();
    },
    stop: () => server.stop(),
  };
}
