import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFetchHandler } from '../src/fetch-handler.ts';
import { saveFromUrl } from '../src/save-from-url.ts';
import { openStorage, type Storage } from './storage.ts';

const maxSize = 1024 * 1024;
const file = randomBytes(300_000);

let storage: Storage;
let before: string[];
beforeEach(async () => {
  storage = await openStorage();
  before = await storage.files();
});
afterEach(() => storage[Symbol.asyncDispose]());

async function serve(listener: RequestListener): Promise<Server & AsyncDisposable & { url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(server, { url: `http://127.0.0.1:${String(port)}/` });
}

describe('a Response as body', () => {
  test('is stored with its content type', async () => {
    await using server = await serve((_, response) => response.setHeader('content-type', 'image/png').end(file));
    const saved = await saveFromUrl(storage.backend, 'from-url.png', server.url, maxSize);

    expect(saved).toMatchObject({ size: file.byteLength, contentType: 'image/png' });
    const stored = await storage.backend.retrieve('from-url.png');
    expect(Buffer.from(await stored.bytes()).equals(file)).toBe(true);
  });

  test.each(['with a length', 'chunked'])('commits nothing when the connection closes, %s', async (kind) => {
    await using server = await serve((_, response) => {
      if (kind === 'with a length') response.setHeader('content-length', file.byteLength);
      response.write(file.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
    });
    await expect(saveFromUrl(storage.backend, 'cut', server.url, maxSize)).rejects.toThrow('the body failed');
    expect(await storage.files()).toEqual(before);
  });

  test('over maxSize is refused, and commits nothing', async () => {
    await using server = await serve((_, response) => response.end(randomBytes(maxSize + 1)));
    await expect(saveFromUrl(storage.backend, 'large', server.url, maxSize)).rejects.toMatchObject({
      code: 'LengthMismatch',
    });
    expect(await storage.files()).toEqual(before);
  });

  test('of a failed request is not stored', async () => {
    await using server = await serve((_, response) => response.writeHead(404).end('not here'));
    await expect(saveFromUrl(storage.backend, 'missing', server.url, maxSize)).rejects.toThrow('404');
    expect(await storage.files()).toEqual(before);
  });
});

test('the body of a Response, which is a web stream, is stored', async () => {
  await using server = await serve((_, response) => response.end(file));
  const { body } = await fetch(server.url);
  await storage.backend.save('stream', body!);
  const stored = await storage.backend.retrieve('stream');
  expect(Buffer.from(await stored.bytes()).equals(file)).toBe(true);
});

describe('a Request as body', () => {
  const send = (body: Uint8Array<ArrayBuffer>): Promise<Response> =>
    createFetchHandler(
      storage.backend,
      maxSize,
    )(new Request('http://example.com/files', { method: 'PUT', body, headers: { 'content-type': 'application/pdf' } }));

  test('is stored with its content type', async () => {
    const response = await send(file);
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ size: file.byteLength, contentType: 'application/pdf' });
  });

  test('over maxSize is refused with 413 and commits nothing', async () => {
    expect((await send(randomBytes(maxSize + 1))).status).toBe(413);
    expect(await storage.files()).toEqual(before);
  });
});
