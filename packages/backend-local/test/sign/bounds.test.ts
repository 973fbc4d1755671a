import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { LocalBackend } from '../../src/index.ts';
import { rawRequest, servedBackend } from './served.ts';

vi.mock('node:crypto', async (original) => {
  const actual = await original<typeof import('node:crypto')>();
  return { ...actual, timingSafeEqual: vi.fn(actual.timingSafeEqual) };
});

const urlKey = 'the secret of this test, 0123456789';
let backend: LocalBackend;
beforeEach(async () => {
  backend = await servedBackend({ urlKey });
  await backend.save('own', 'own');
  await backend.save('other', 'other');
});

function changed(url: string, change: (url: URL) => void): string {
  const copy = new URL(url);
  change(copy);
  return copy.href;
}

const attacks: readonly (readonly [title: string, change: (url: URL) => void])[] = [
  ['another key', (url) => void (url.pathname = '/other')],
  ['another key beside it', (url) => url.searchParams.set('key', 'other')],
  ['a later expiry', (url) => url.searchParams.set('expires', String(Date.now() + 10_000_000))],
  ['no expiry', (url) => url.searchParams.delete('expires')],
  ['an endless expiry', (url) => url.searchParams.set('expires', 'Infinity')],
  ['another method', (url) => url.searchParams.set('method', 'DELETE')],
  ['no method', (url) => url.searchParams.delete('method')],
  ['a version', (url) => url.searchParams.set('version', 'v')],
  ['another type of the response', (url) => url.searchParams.set('response-type', 'text/html')],
  ['another disposition', (url) => url.searchParams.set('response-disposition', 'attachment')],
  ['no signature', (url) => url.searchParams.delete('signature')],
  ['an empty signature', (url) => url.searchParams.set('signature', '')],
  [
    'a cut signature',
    (url) => url.searchParams.set('signature', url.searchParams.get('signature')?.slice(0, -1) ?? ''),
  ],
  ['a longer signature', (url) => url.searchParams.set('signature', `${url.searchParams.get('signature') ?? ''}A`)],
  ['a signature in another case', lowerCase],
  ['a key that is not well encoded', (url) => void (url.pathname = '/%E0%A4%A')],
];

function lowerCase(url: URL): void {
  const signature = url.searchParams.get('signature') ?? '';
  url.searchParams.set('signature', signature.toLowerCase());
}

test.each(attacks)('%s is refused', async (_, change) => {
  const url = await backend.getUrl('own');
  const answer = await rawRequest(changed(url, change));
  expect([answer.status, answer.text]).toEqual([403, '']);
});

test('what was bound to an upload cannot be changed or left out', async () => {
  const { url, headers } = await backend.signRequest('own', {
    method: 'PUT',
    contentType: 'text/plain',
    contentLength: 3,
    checksum: { algorithm: 'crc32', value: '00000000' },
    ifAbsent: true,
  });
  const forgeries = [
    ...['type', 'length', 'checksum', 'absent'].map((name) => (each: URL) => each.searchParams.delete(name)),
    (each: URL) => each.searchParams.set('type', 'text/html'),
    (each: URL) => each.searchParams.set('length', '4'),
    (each: URL) => each.searchParams.set('checksum', 'crc32:11111111'),
    (each: URL) => each.searchParams.set('checksum', 'md5:00000000'),
  ];
  for (const forge of forgeries) {
    const forged = changed(url, forge);
    const answer = await rawRequest(forged, { method: 'PUT', headers, body: Buffer.from('new') });
    expect([forged, answer.status]).toEqual([forged, 403]);
  }
  expect(await (await backend.retrieve('own')).text()).toBe('own');
});

test('every method but the signed one is refused', async () => {
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE'] as const;
  for (const method of methods) {
    const { url } = await backend.signRequest('own', { method });
    for (const other of [...methods, 'POST', 'PATCH', 'OPTIONS', 'PROPFIND'].filter((name) => name !== method)) {
      const takesBody = !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(other);
      const answer = await rawRequest(url, { method: other, ...(takesBody && { body: Buffer.from('intruder') }) });
      expect([method, other, answer.status]).toEqual([method, other, 403]);
    }
  }
  expect(await (await backend.retrieve('own')).text()).toBe('own');
});

test('a URL is good until its time, and not afterwards', async () => {
  const { url, expiresAt } = await backend.signRequest('own', { expiresIn: 1 });
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(1000);
  expect((await fetch(url)).status).toBe(200);
  await sleep(expiresAt.getTime() - Date.now() + 20);
  const answer = await rawRequest(url);
  expect([answer.status, answer.text]).toEqual([403, '']);
});

test('signatures are compared in a time that tells nothing', async () => {
  const compare = vi.mocked(timingSafeEqual);
  compare.mockClear();
  const url = await backend.getUrl('own');
  await rawRequest(url);
  await rawRequest(changed(url, lowerCase));
  expect(compare.mock.results.map(({ value }) => value as boolean)).toEqual([true, false]);
});

test('no answer shows the secret, a signature or a path', async () => {
  const url = await backend.getUrl('own');
  const signature = new URL(url).searchParams.get('signature') ?? '';
  const put = await backend.signRequest('own/below', { method: 'PUT' });
  const native = await backend.native();
  const answers = [
    await rawRequest(url),
    await rawRequest(await backend.getUrl('missing')),
    await rawRequest(changed(url, (each) => each.searchParams.set('expires', '1'))),
    await rawRequest(put.url, { method: 'PUT', body: Buffer.from('x') }),
    await rawRequest(url, { headers: { range: 'bytes=100-' } }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 404, 403, 409, 416]);
  const shown = JSON.stringify(answers);
  for (const secret of [urlKey, signature, native]) expect(shown).not.toContain(secret);
  expect(url).not.toContain(urlKey);
});

describe('keys that URLs would change', () => {
  const keys = [
    'a b/ü/日本.txt',
    'question?x=1&y=2#hash',
    '100%/%2F/%2e%2e',
    'plus+and;semi=colon',
    'quote\'"<>`{}|^[]',
    'key=other&signature=x',
    'very/'.repeat(30) + 'deep',
  ];
  const anyKeys = ['../up', './here', 'a/../b', 'a//b', '/lead', 'trail/', 'back\\slash', 'a/.', '..'];

  test.each(keys)('%j is read and written', async (key) => {
    const put = await backend.signRequest(key, { method: 'PUT' });
    expect((await fetch(put.url, { method: 'PUT', body: key })).status).toBe(200);
    expect(await (await backend.retrieve(key)).text()).toBe(key);
    expect(await (await fetch(await backend.getUrl(key))).text()).toBe(key);
  });

  test.each(anyKeys)('%j is no portable key: nothing but itself is ever served under its URL', async (key) => {
    const own = await backend.getUrl(key).catch(() => undefined);
    if (own !== undefined) expect((await rawRequest(own)).status).not.toBe(200);
    await expect(backend.signRequest(key, { method: 'PUT' })).rejects.toMatchObject({ code: 'InvalidKey' });
  });

  test.each(['/x/../own', '/./own', '//own', '/own/', '/x/..%2Fown', '/%2e%2e/own', '/own%00', '/other/../own'])(
    'the path %s gives nothing but what was signed',
    async (path) => {
      const url = await backend.getUrl('own');
      const { search } = new URL(url);
      const answer = await rawRequest(url, { path: `${path}${search}` });
      expect([200, 403]).toContain(answer.status);
      expect(answer.text).toBe(answer.status === 200 ? 'own' : '');
    },
  );
});
