import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fromBytes, fromNodeStream } from '../../src/driver-kit/body-stream.ts';
import { concat } from '../../src/driver-kit/collect.ts';

test('bytes come in chunks of at most 64 KiB that belong to the reader', async () => {
  const bytes = new Uint8Array(150_000).map((_, i) => i % 251);
  const chunks: Uint8Array[] = [];
  for await (const chunk of fromBytes(bytes)) chunks.push(chunk);
  expect(chunks.map((chunk) => chunk.byteLength)).toEqual([65_536, 65_536, 18_928]);
  expect(concat(chunks)).toEqual(bytes);
  chunks[0]?.fill(255);
  expect(bytes[0]).toBe(0);
});

test('a cancelled body of bytes ends', async () => {
  const body = fromBytes(new Uint8Array(200_000));
  const chunks = body[Symbol.asyncIterator]();
  await chunks.next();
  await body.cancel();
  expect(await chunks.next()).toEqual({ done: true, value: undefined });
});

test('a node stream is read to its end', async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of fromNodeStream(Readable.from([Buffer.from('a'), Buffer.from('b')]))) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString()).toBe('ab');
});

test('cancel, break, and return before the first pull each destroy the stream', async () => {
  const endless = (): Readable => new Readable({ read: () => undefined });

  const cancelled = endless();
  await fromNodeStream(cancelled).cancel();
  expect(cancelled.closed).toBe(true);

  const returned = endless();
  await fromNodeStream(returned)[Symbol.asyncIterator]().return?.();
  expect(returned.closed).toBe(true);

  const broken = endless();
  broken.push('x');
  for await (const chunk of fromNodeStream(broken)) {
    expect(chunk.byteLength).toBe(1);
    break;
  }
  expect(broken.closed).toBe(true);
});

test('a stream that closes before its end is an error', async () => {
  const stream = new Readable({ read: () => undefined });
  stream.push('half');
  const chunks = fromNodeStream(stream)[Symbol.asyncIterator]();
  await chunks.next();
  stream.destroy();
  await expect(chunks.next()).rejects.toThrow(/premature/i);
});

test('an error before anyone reads waits for the reader', async () => {
  const stream = new Readable({ read: () => undefined });
  const body = fromNodeStream(stream);
  stream.destroy(new Error('reset'));
  await setImmediate();
  await expect(body[Symbol.asyncIterator]().next()).rejects.toThrow('reset');
});
