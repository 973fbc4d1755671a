import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isStorageError } from '../../src/index.ts';
import { MemoryBackend } from '../../src/memory/index.ts';

let server: Server;
let url: string;
const backend = new MemoryBackend();

beforeEach(async () => {
  server = createServer((request, response) => {
    backend.save('upload', request, { maxSize: 100_000 }).then(
      () => response.writeHead(201).end(),
      (error: unknown) => response.writeHead(413).end(isStorageError(error) ? error.code : 'other'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('a request whose body is refused can still be answered', async () => {
  const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(5_000_000) });
  expect([answer.status, await answer.text()]).toEqual([413, 'LengthMismatch']);
  expect(await backend.exists('upload')).toBe(false);
});

test('a request whose body is taken is stored', async () => {
  const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(100_000) });
  expect(answer.status).toBe(201);
  expect((await backend.getMetadata('upload'))?.size).toBe(100_000);
});
