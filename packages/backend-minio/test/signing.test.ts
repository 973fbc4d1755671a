import { expect, test } from 'vitest';
import { MinioBackend } from '../src/index.ts';
import { errorOf, isSkipped, newBackend } from './bucket.ts';

test('URLs are signed for the public address, without any request', async () => {
  await using backend = new MinioBackend({
    endpointUrl: 'http://127.0.0.1:1',
    publicEndpointUrl: 'https://files.example.com',
    accessKey: 'access',
    secretKey: 'secret',
    bucketName: 'uploads',
  });
  const url = new URL(await backend.getUrl('a key/ü+%2F.txt', { expiresIn: 60 }));
  expect(`${url.origin}${url.pathname}`).toBe('https://files.example.com/uploads/a%20key/%C3%BC%2B%252F.txt');
  const form = await backend.createUploadForm('a', { maxSize: 10 });
  expect(form.url).toBe('https://files.example.com/uploads/');
});

test.skipIf(isSkipped())('a form binds its type, its sizes and its key', async () => {
  await using backend = newBackend();
  await backend.save('other', 'x');
  const form = await backend.createUploadForm('a/ü key', { minSize: 2, maxSize: 5, contentType: 'text/plain' });
  const post = async (body: string, changes: Record<string, string> = {}): Promise<number> => {
    const data = new FormData();
    for (const [name, value] of Object.entries({ ...form.fields, ...changes })) data.set(name, value);
    data.set('file', new Blob([body]));
    return (await fetch(form.url, { method: 'POST', body: data })).status;
  };
  for (const [body, changes] of [
    ['1', {}],
    ['123456', {}],
    ['1234', { key: 'b' }],
    ['1234', { 'Content-Type': 'text/html' }],
    ['1234', { 'X-Amz-Signature': '0'.repeat(64) }],
  ] as const) {
    expect(await post(body, changes), JSON.stringify([body, changes])).toBeGreaterThanOrEqual(400);
  }
  expect(await backend.exists('a/ü key')).toBe(false);
  expect(await post('1234')).toBe(204);
  expect(await backend.getMetadata('a/ü key')).toMatchObject({ size: 4, contentType: 'text/plain' });
  expect((await errorOf(backend.createUploadForm('a/${filename}', { maxSize: 1 }))).code).toBe('InvalidArgument');
});
