import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MinioBackend } from '../src/index.ts';
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

test.each(['direct', 'sdk'] as const)("transport: '%s' trusts the authority that it is given", async (transport) => {
  const endpointUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = {
    endpointUrl,
    accessKey: 'key',
    secretKey: 'secret',
    bucketName: 'uploads',
    transport,
    retry: false,
  } as const;
  await using backend = new MinioBackend({ ...options, ca });
  expect((await backend.save('a', 'text')).etag).toBe('"e"');
  await using other = new MinioBackend(options);
  const error = await errorOf(other.save('a', 'text'));
  expect(error).toMatchObject({ code: 'Unavailable', retryable: 'no' });
  expect(error.message).toContain('is not trusted here');
});

test('what is no certificate is refused', () => {
  const options = { endpointUrl: 'localhost', accessKey: 'key', secretKey: 'secret', bucketName: 'uploads' };
  expect(() => new MinioBackend({ ...options, ca: '/etc/ssl/ca.pem' })).toThrow('certificates as PEM');
});
