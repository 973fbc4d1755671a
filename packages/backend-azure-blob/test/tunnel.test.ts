import { randomBytes } from 'node:crypto';
import { startTunnel, type Tunnel } from '@storage/conformance-tests/servers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { AzureBlobBackend } from '../src/index.ts';
import { type SecureAzurite, startSecureAzurite } from './secure-azurite.ts';

describe('by a proxy that the environment names', () => {
  let azurite: SecureAzurite;
  let tunnel: Tunnel;
  beforeAll(async () => {
    [azurite, tunnel] = await Promise.all([startSecureAzurite(), startTunnel()]);
    vi.stubEnv('HTTPS_PROXY', tunnel.url);
    vi.stubEnv('NO_PROXY', undefined);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await Promise.all([azurite.stop(), tunnel.stop()]);
  });

  test.each(['direct', 'sdk'] as const)(
    "transport: '%s' goes through its tunnels, and keeps them",
    async (transport) => {
      const { accountName, accountKey, endpointUrl, ca } = azurite;
      const options = { accountName, accountKey, endpointUrl, ca, containerName: 'tunnel' };
      const before = tunnel.asked.length;
      await using backend = new AzureBlobBackend({ ...options, transport });
      const bytes = randomBytes(3_000_000);
      for (let n = 0; n < 5; n++) await backend.save(`${transport}.bin`, bytes, { metadata: { n: String(n) } });
      const file = await backend.retrieve(`${transport}.bin`);
      expect(bytes.equals(await file.bytes())).toBe(true);
      expect(file.metadata).toEqual({ n: '4' });
      const asked = tunnel.asked.slice(before);
      expect(new Set(asked)).toEqual(new Set([new URL(endpointUrl).host]));
      // One for what is sent directly, one for what the SDK sends.
      expect(asked.length).toBeLessThanOrEqual(2);
    },
  );
});
