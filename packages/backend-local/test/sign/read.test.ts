import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LocalBackend } from '../../src/index.ts';
import { rawRequest, servedBackend } from './served.ts';

let backend: LocalBackend;
let url: string;
let etag: string;
let modified: Date;

const day = 24 * 60 * 60 * 1000;

beforeEach(async () => {
  backend = await servedBackend();
  await backend.save('a/digits.txt', '0123456789', {
    contentType: 'text/plain',
    cacheControl: 'max-age=60',
    contentDisposition: 'inline',
    contentEncoding: 'identity',
    contentLanguage: 'en',
  });
  url = await backend.getUrl('a/digits.txt');
  const info = await backend.getMetadata('a/digits.txt');
  etag = info?.etag ?? '';
  modified = info?.lastModified ?? new Date(0);
});

async function get(headers: Record<string, string> = {}, from = url) {
  const answer = await fetch(from, { headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

test('a GET has the bytes and every stored header', async () => {
  const { status, headers, text } = await get();
  expect([status, text]).toEqual([200, '0123456789']);
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/plain',
    'content-length': '10',
    'cache-control': 'max-age=60',
    'content-disposition': 'inline',
    'content-encoding': 'identity',
    'content-language': 'en',
    'accept-ranges': 'bytes',
    'last-modified': modified.toUTCString(),
    'x-content-type-options': 'nosniff',
    etag,
  });
});

test('a HEAD has the same headers and no body, for a URL that was signed for HEAD', async () => {
  const { url: head } = await backend.signRequest('a/digits.txt', { method: 'HEAD' });
  const answer = await fetch(head, { method: 'HEAD', headers: { range: 'bytes=0-3' } });
  expect(answer.status).toBe(200);
  const expected = Object.fromEntries((await get()).headers);
  const found = Object.fromEntries(answer.headers);
  for (const name of ['content-type', 'content-length', 'etag', 'last-modified', 'cache-control']) {
    expect(found[name], name).toBe(expected[name]);
  }
  expect(await answer.text()).toBe('');
});

describe('ranges', () => {
  test.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=7-100', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-100', '0123456789', 'bytes 0-9/10'],
    ['bytes=-99999999999999999999', '0123456789', 'bytes 0-9/10'],
    ['bytes=9-99999999999999999999', '9', 'bytes 9-9/10'],
  ])('%s is a 206', async (range, expected, contentRange) => {
    const { status, headers, text } = await get({ range });
    expect([status, text]).toEqual([206, expected]);
    expect(headers.get('content-range')).toBe(contentRange);
    expect(headers.get('content-length')).toBe(String(expected.length));
  });

  test.each(['bytes=10-', 'bytes=10-20', 'bytes=-0', 'bytes=99999999999999999999-'])('%s is a 416', async (range) => {
    const { status, headers, text } = await get({ range });
    expect([status, text]).toEqual([416, '']);
    expect(headers.get('content-range')).toBe('bytes */10');
    expect(headers.get('etag')).toBeNull();
  });

  test.each(['bytes=0-1,4-5', 'bytes=4-2', 'bytes=-', 'lines=0-1', 'bytes=a-b', 'bytes'])(
    '%s is answered with the whole',
    async (range) => {
      const { status, text } = await get({ range });
      expect([status, text]).toEqual([200, '0123456789']);
    },
  );

  test('an empty file has no range, and is itself a 200', async () => {
    await backend.save('empty', '');
    const empty = await backend.getUrl('empty');
    expect((await get({}, empty)).status).toBe(200);
    for (const range of ['bytes=0-', 'bytes=-1']) expect((await get({ range }, empty)).status).toBe(416);
  });

  test('If-Range gives the part of the same revision, and the whole of another', async () => {
    const range = 'bytes=2-4';
    expect((await get({ range, 'if-range': etag })).status).toBe(206);
    expect((await get({ range, 'if-range': modified.toUTCString() })).status).toBe(206);
    expect((await get({ range, 'if-range': '"other"' })).status).toBe(200);
    expect((await get({ range, 'if-range': `W/${etag}` })).status).toBe(200);
    expect((await get({ range, 'if-range': new Date(0).toUTCString() })).status).toBe(200);
  });
});

describe('conditions', () => {
  const at = (ms: number): string => new Date(modified.getTime() + ms).toUTCString();
  const cases: readonly (readonly [title: string, headers: () => Record<string, string>, status: number])[] = [
    ['If-None-Match of this revision', () => ({ 'if-none-match': etag }), 304],
    ['If-None-Match, weakly', () => ({ 'if-none-match': `W/${etag}` }), 304],
    ['If-None-Match of several', () => ({ 'if-none-match': `"x", ${etag}` }), 304],
    ['If-None-Match *', () => ({ 'if-none-match': '*' }), 304],
    ['If-None-Match of another', () => ({ 'if-none-match': '"x"' }), 200],
    ['If-None-Match before If-Modified-Since', () => ({ 'if-none-match': '"x"', 'if-modified-since': at(day) }), 200],
    ['If-Match of this revision', () => ({ 'if-match': etag }), 200],
    ['If-Match of several', () => ({ 'if-match': `"x", ${etag}` }), 200],
    ['If-Match *', () => ({ 'if-match': '*' }), 200],
    ['If-Match of another', () => ({ 'if-match': '"x"' }), 412],
    ['If-Match, weakly', () => ({ 'if-match': `W/${etag}` }), 412],
    ['If-Match before If-Unmodified-Since', () => ({ 'if-match': etag, 'if-unmodified-since': at(-day) }), 200],
    ['If-Modified-Since its time', () => ({ 'if-modified-since': at(0) }), 304],
    ['If-Modified-Since later', () => ({ 'if-modified-since': at(day) }), 304],
    ['If-Modified-Since earlier', () => ({ 'if-modified-since': at(-day) }), 200],
    ['If-Modified-Since no date', () => ({ 'if-modified-since': 'yesterday, about noon' }), 200],
    ['If-Unmodified-Since its time', () => ({ 'if-unmodified-since': at(0) }), 200],
    ['If-Unmodified-Since earlier', () => ({ 'if-unmodified-since': at(-day) }), 412],
    ['a failed condition before a bad range', () => ({ 'if-match': '"x"', range: 'bytes=50-' }), 412],
    ['unchanged before a bad range', () => ({ 'if-none-match': '*', range: 'bytes=50-' }), 304],
  ];
  test.each(cases)('%s', async (_, headers, status) => {
    const head = await backend.signRequest('a/digits.txt', { method: 'HEAD' });
    for (const { url: signed, method } of [head, { url, method: 'GET' }]) {
      const answer = await rawRequest(signed, { method, headers: headers() });
      expect([method, answer.status]).toEqual([method, status]);
      expect(answer.text).toBe(status === 200 && method === 'GET' ? '0123456789' : '');
      if (status === 304) expect(answer.headers).toMatchObject({ etag, 'cache-control': 'max-age=60' });
    }
  });
});

test('a missing key is a 404 until it is there, for GET and HEAD', async () => {
  const missing = await backend.getUrl('missing');
  const head = await backend.signRequest('missing', { method: 'HEAD' });
  expect((await get({}, missing)).status).toBe(404);
  expect((await get({ 'if-none-match': '*', range: 'bytes=0-1' }, missing)).status).toBe(404);
  expect((await fetch(head.url, { method: 'HEAD' })).status).toBe(404);
  await backend.save('missing', 'now');
  expect((await get({}, missing)).text).toBe('now');
});

test('a version is served for as long as it is kept, and then a 404', async () => {
  const { versionId } = await backend.save('v', 'one');
  await backend.save('v', 'two');
  const old = await backend.getUrl('v', { versionId });
  expect((await get({}, old)).text).toBe('one');
  await backend.delete('v', { versionId });
  expect((await get({}, old)).status).toBe(404);
});

test('type and disposition of the response are those that were signed', async () => {
  const signed = await backend.getUrl('a/digits.txt', {
    responseContentType: 'application/pdf',
    responseContentDisposition: 'attachment; filename="a b.pdf"',
  });
  const { headers } = await get({}, signed);
  expect(headers.get('content-type')).toBe('application/pdf');
  expect(headers.get('content-disposition')).toBe('attachment; filename="a b.pdf"');
  expect((await get()).headers.get('content-type')).toBe('text/plain');
});

test('a GET while the file is replaced over and over is one whole revision, never a 412', async () => {
  const statuses = new Set<number>();
  const ended = new AbortController();
  const writing = (async () => {
    for (let round = 0; !ended.signal.aborted; round += 1) {
      await backend.save('a/digits.txt', String(round % 10).repeat(200_000));
      await sleep(1);
    }
  })();
  for (let round = 0; round < 100; round += 1) {
    const { status, text } = await get();
    statuses.add(status);
    expect(text).toMatch(/^(\d)\1*$|^0123456789$/);
  }
  ended.abort();
  await writing;
  expect([...statuses]).toEqual([200]);
});

test('many refusals and answers go over one connection', async () => {
  const missing = await backend.getUrl('missing');
  const answer = await rawRequest(missing, { headers: { connection: 'keep-alive' } });
  expect(answer.status).toBe(404);
  expect(answer.headers['connection']).not.toBe('close');
});
