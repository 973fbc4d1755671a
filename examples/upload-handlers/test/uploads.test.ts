import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StorageBackend } from '@storage/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createExpressApp } from '../src/express-app.ts';
import { createFastifyApp } from '../src/fastify-app.ts';
import { send, sendHalf } from './client.ts';
import { cut, type Form, formWith } from './form.ts';
import { openStorage, type Storage } from './storage.ts';

const maxSize = 1024 * 1024;

/** A way to upload: a server, and how the bytes of a file are wrapped. */
interface Way {
  readonly name: string;
  readonly method: 'POST' | 'PUT';
  readonly wrap: (file: Uint8Array) => Form;
  readonly listen: (backend: StorageBackend) => Promise<Running>;
}

interface Running extends AsyncDisposable {
  readonly url: string;
}

const asBody = (file: Uint8Array): Form => ({
  headers: { 'content-type': 'application/pdf' },
  bytes: Buffer.from(file),
});

const ways: readonly Way[] = [
  { name: 'Express with multer', method: 'POST', wrap: formWith, listen: listenExpress },
  { name: 'Express, the body itself', method: 'PUT', wrap: asBody, listen: listenExpress },
  { name: 'Fastify with @fastify/multipart', method: 'POST', wrap: formWith, listen: listenFastify },
];

async function listenExpress(backend: StorageBackend): Promise<Running> {
  return listen(createServer(createExpressApp(backend, maxSize) as RequestListener));
}

async function listenFastify(backend: StorageBackend): Promise<Running> {
  const app = createFastifyApp(backend, maxSize);
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  return { url: `${origin}/files`, [Symbol.asyncDispose]: () => app.close() };
}

async function listen(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${String(port)}/files`, [Symbol.asyncDispose]: close };
}

let storage: Storage;
let before: string[];
beforeEach(async () => {
  storage = await openStorage();
  before = await storage.files();
});
afterEach(() => storage[Symbol.asyncDispose]());

describe.each(ways)('$name', ({ method, wrap, listen: start }) => {
  test('stores a file with its content type', async () => {
    await using server = await start(storage.backend);
    const file = randomBytes(300_000);
    const { status, body } = await send(server.url, method, wrap(file));

    expect(status).toBe(201);
    expect(body).toMatchObject({ size: 300_000, contentType: 'application/pdf' });
    const stored = await storage.backend.retrieve(String(body['key']));
    expect(stored.contentType).toBe('application/pdf');
    expect(Buffer.from(await stored.bytes()).equals(file)).toBe(true);
  });

  test.each([1, 20 * maxSize])('refuses a file %i bytes over maxSize with 413 and commits nothing', async (over) => {
    await using server = await start(storage.backend);
    const { status, body } = await send(server.url, method, wrap(randomBytes(maxSize + over)));

    expect(status).toBe(413);
    expect(body['error']).toContain('maxSize');
    expect(storage.outcomes()).toEqual(['rejected']);
    expect(await storage.files()).toEqual(before);
  });

  test('accepts a file of exactly maxSize', async () => {
    await using server = await start(storage.backend);
    const { status, body } = await send(server.url, method, wrap(randomBytes(maxSize)));
    expect({ status, size: body['size'] }).toEqual({ status: 201, size: maxSize });
  });

  test('commits nothing when the connection closes', async () => {
    await using server = await start(storage.backend);
    await sendHalf(server.url, method, wrap(randomBytes(300_000)));

    await expect.poll(() => storage.outcomes()).toEqual(['rejected']);
    await expect.poll(() => storage.files()).toEqual(before);
    expect(await storage.backend.listFiles()).toEqual([]);
  });
});

describe.each(ways.filter(({ wrap }) => wrap === formWith))('$name', ({ method, listen: start }) => {
  test('answers 400 to a form that is cut short, and commits nothing', async () => {
    await using server = await start(storage.backend);
    const { status } = await send(server.url, method, cut(formWith(randomBytes(300_000))));

    expect(status).toBe(400);
    expect(storage.outcomes()).toEqual(['rejected']);
    await expect.poll(() => storage.files()).toEqual(before);
  });
});

test("keeps the client's name for the file as metadata, never as the key", async () => {
  await using server = await listenExpress(storage.backend);
  const { body } = await send(server.url, 'POST', formWith(randomBytes(10)));
  const info = await storage.backend.getMetadata(String(body['key']));
  expect(info?.key).toMatch(/^uploads\/[0-9a-f-]{36}$/);
});
