import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedRequest } from '@storage/core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LocalBackend } from '../../src/index.ts';
import { rootsOf } from '../../src/names/place.ts';
import { filesBelow, temporaryFolder } from '../store.ts';
import { rawRequest, servedBackend } from './served.ts';

let basePath: string;
let backend: LocalBackend;

beforeEach(async () => {
  basePath = await temporaryFolder();
  backend = await servedBackend({ basePath });
});

interface Sent {
  readonly body?: Uint8Array | string;
  readonly headers?: Record<string, string>;
}

async function send({ url, method, headers }: SignedRequest, { body, headers: more }: Sent = {}) {
  const init = body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> | string };
  const answer = await fetch(url, { method, headers: { ...headers, ...more }, ...init });
  return { status: answer.status, etag: answer.headers.get('etag'), text: await answer.text() };
}

const textOf = async (key: string): Promise<string> => (await backend.retrieve(key)).text();

describe('PUT', () => {
  test('stores the body and its type, and gives the etag', async () => {
    const request = await backend.signRequest('a/b', { method: 'PUT' });
    const body = randomBytes(3_000_000);
    const { status, etag, text } = await send(request, { body, headers: { 'content-type': 'image/x-own' } });
    expect([status, text]).toEqual([200, '']);
    const info = await backend.getMetadata('a/b');
    expect(info).toMatchObject({ etag, contentType: 'image/x-own', size: body.byteLength });
    expect(body.equals(await (await backend.retrieve('a/b')).bytes())).toBe(true);
  });

  test('may be sent in chunks of no announced length', async () => {
    const { url, method } = await backend.signRequest('chunks', { method: 'PUT' });
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        for (const text of ['one ', 'two ', 'three']) stream.enqueue(Buffer.from(text));
        stream.close();
      },
    });
    const init = { method, body, duplex: 'half' };
    expect((await fetch(url, init as RequestInit)).status).toBe(200);
    expect(await textOf('chunks')).toBe('one two three');
  });

  const large = randomBytes(8_000_000);
  const sha256 = createHash('sha256').update(large).digest('hex');

  test.each([
    ['another type', { contentType: 'text/plain' }, { 'content-type': 'text/html' }, 403],
    ['another length', { contentLength: 10 }, {}, 403],
    ['no create-only header', { ifAbsent: true }, {}, 403],
    ['another checksum', { checksum: { algorithm: 'sha256', value: '0'.repeat(64) } as const }, {}, 400],
    ['a part of a file', {}, { 'content-range': 'bytes 0-7999999/9000000' }, 400],
    ['a failed condition', {}, { 'if-match': '"other"' }, 412],
  ])('a large body that is refused, for %s, gets its status and not a reset', async (_, bound, headers, status) => {
    await backend.save('key', 'old');
    const { url } = await backend.signRequest('key', { method: 'PUT', ...bound });
    for (let round = 0; round < 3; round += 1) {
      const answer = await rawRequest(url, { method: 'PUT', headers, body: large });
      expect([answer.status, answer.text]).toEqual([status, '']);
    }
    expect(await textOf('key')).toBe('old');
    expect((await backend.getVersions('key')).length).toBe(1);
  });

  test('what was bound is taken as it was bound', async () => {
    const request = await backend.signRequest('bound', {
      method: 'PUT',
      contentType: 'text/plain; charset=utf-8',
      contentLength: large.byteLength,
      checksum: { algorithm: 'sha256', value: sha256 },
      ifAbsent: true,
    });
    expect(request.headers).toMatchObject({ 'if-none-match': '*', 'content-length': String(large.byteLength) });
    expect((await send(request, { body: large })).status).toBe(200);
    expect(await backend.getMetadata('bound')).toMatchObject({ contentType: 'text/plain; charset=utf-8' });
    expect((await send(request, { body: large })).status).toBe(412);
  });

  test('a bound length must be announced', async () => {
    const { url } = await backend.signRequest('announced', { method: 'PUT', contentLength: 4 });
    const answer = await rawRequest(url, {
      method: 'PUT',
      headers: { 'transfer-encoding': 'chunked' },
      body: Buffer.from('four'),
    });
    expect(answer.status).toBe(403);
    expect(await backend.exists('announced')).toBe(false);
  });

  test('conditions of the client hold when it commits', async () => {
    const request = await backend.signRequest('key', { method: 'PUT' });
    const put = (body: string, headers: Record<string, string>) => send(request, { body, headers });
    expect((await put('x', { 'if-match': '*' })).status).toBe(412);
    expect((await put('x', { 'if-match': '"any"' })).status).toBe(412);
    expect(await backend.exists('key')).toBe(false);

    const first = await put('1', { 'if-none-match': '*' });
    expect(first.status).toBe(200);
    const etag = first.etag ?? '';
    expect((await put('x', { 'if-none-match': '*' })).status).toBe(412);
    expect((await put('x', { 'if-none-match': `"other", ${etag}` })).status).toBe(412);
    expect((await put('x', { 'if-match': '"other"' })).status).toBe(412);
    expect((await put('x', { 'if-unmodified-since': new Date(0).toUTCString() })).status).toBe(412);
    expect(await textOf('key')).toBe('1');

    expect((await put('2', { 'if-match': etag })).status).toBe(200);
    expect((await put('x', { 'if-match': etag })).status).toBe(412);
    expect((await put('3', { 'if-none-match': etag })).status).toBe(200);
    expect((await put('4', { 'if-match': '*' })).status).toBe(200);
    expect((await put('5', { 'if-modified-since': new Date(Date.now() + 86_400_000).toUTCString() })).status).toBe(200);
    expect(await textOf('key')).toBe('5');
  });

  test('of many compare-and-set at once one wins', async () => {
    const { etag } = await backend.save('key', 'old');
    const request = await backend.signRequest('key', { method: 'PUT' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, each) => send(request, { body: String(each), headers: { 'if-match': etag } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...new Array<number>(7).fill(412)]);
  });

  test.each([
    ['of announced length', 'content-length: 1000\r\n\r\nonly this'],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n9\r\nonly this\r\n'],
  ])('a body %s that is cut off commits nothing, and leaves nothing', async (_, rest) => {
    await backend.save('key', 'old');
    for (const key of ['key', 'new']) {
      const { url } = await backend.signRequest(key, { method: 'PUT' });
      const { hostname, port, pathname, search } = new URL(url);
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(`PUT ${pathname}${search} HTTP/1.1\r\nhost: ${hostname}\r\n${rest}`);
      await sleep(100);
      socket.destroy();
    }
    const { staging } = rootsOf(basePath);
    await expect
      .poll(async () => (await filesBelow(staging)).filter((path) => !path.endsWith('/owner')), { timeout: 5000 })
      .toEqual([]);
    expect(await textOf('key')).toBe('old');
    expect((await backend.listFiles()).map(({ key }) => key)).toEqual(['key']);
  });

  test('where a folder of other keys is, it is a conflict', async () => {
    await backend.save('folder/key', 'x');
    expect((await send(await backend.signRequest('folder', { method: 'PUT' }), { body: 'y' })).status).toBe(409);
    const type = { 'content-type': 'not a type' };
    const request = await backend.signRequest('other', { method: 'PUT' });
    expect((await send(request, { body: 'y', headers: type })).status).toBe(400);
  });
});

describe('DELETE', () => {
  test('deletes its key; once more, it is still gone', async () => {
    await backend.save('key', 'old');
    const request = await backend.signRequest('key', { method: 'DELETE' });
    expect((await send(request)).status).toBe(204);
    expect(await backend.exists('key')).toBe(false);
    expect((await send(request)).status).toBe(204);
  });

  test('only if the conditions of the client hold', async () => {
    const { etag } = await backend.save('key', 'old');
    const request = await backend.signRequest('key', { method: 'DELETE' });
    expect((await send(request, { headers: { 'if-match': '"other"' } })).status).toBe(412);
    expect((await send(request, { headers: { 'if-none-match': '*' } })).status).toBe(412);
    expect(await textOf('key')).toBe('old');
    expect((await send(request, { headers: { 'if-match': etag } })).status).toBe(204);
    expect((await send(request, { headers: { 'if-match': etag } })).status).toBe(412);
    expect((await send(request, { headers: { 'if-none-match': '*' } })).status).toBe(204);
  });
});
