import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTunnel } from '@storage/conformance-tests/servers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { MinioBackend, type MinioOptions } from '../src/index.ts';
import { errorOf } from './bucket.ts';

let folder: string;
let ca: string;
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'private-ca-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1'];
  await promisify(execFile)('openssl', [...request, ...names, '-keyout', key, '-out', cert]);
  ca = await readFile(cert, 'utf8');
  server = createServer({ cert: ca, key: await readFile(key) }, (incoming, response) => {
    incoming.resume();
    incoming.once('end', () => response.writeHead(200, { etag: '"e"' }).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const credentials = { accessKey: 'key', secretKey: 'secret', bucketName: 'uploads', retry: false } as const;

function endpointUrl(): string {
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(['direct', 'sdk'] as const)("transport: '%s'", (transport) => {
  const options = (): MinioOptions => ({ ...credentials, endpointUrl: endpointUrl(), transport });

  test('trusts the authority that it is given', async () => {
    await using backend = new MinioBackend({ ...options(), ca });
    expect((await backend.save('a', 'text')).etag).toBe('"e"');
    await using other = new MinioBackend(options());
    const error = await errorOf(other.save('a', 'text'));
    expect(error).toMatchObject({ code: 'Unavailable', retryable: 'no' });
    expect(error.message).toContain('is not trusted here');
  });

  test('goes through a tunnel of the proxy that the environment names, and keeps it', async () => {
    const tunnel = await startTunnel();
    vi.stubEnv('HTTPS_PROXY', tunnel.url);
    vi.stubEnv('NO_PROXY', undefined);
    try {
      await using backend = new MinioBackend({ ...options(), ca });
      for (const key of ['a', 'b', 'c']) expect((await backend.save(key, 'text')).etag).toBe('"e"');
      expect(tunnel.asked).toEqual([new URL(endpointUrl()).host]);
    } finally {
      vi.unstubAllEnvs();
      await tunnel.stop();
    }
  });
});

test('what is no certificate is refused', () => {
  expect(() => new MinioBackend({ ...credentials, endpointUrl: 'localhost', ca: '/etc/ssl/ca.pem' })).toThrow(
    'certificates as PEM',
  );
});
