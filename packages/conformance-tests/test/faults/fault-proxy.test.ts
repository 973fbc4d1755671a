import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FaultProxy, startFaultProxy } from '@storage/conformance-tests/faults';
import { afterAll, beforeAll, expect, test } from 'vitest';

const agent = new Agent({ keepAlive: true });
const body = Buffer.alloc(200_000, 'b');
const seen: { method: string; url: string; host: string | undefined; bytes: number; whole: boolean }[] = [];
let proxy: FaultProxy;

// Answers a GET with a part where one is asked for, and anything else with how many bytes came.
const server = createServer((incoming, outgoing) => {
  const record = {
    method: incoming.method ?? '',
    url: incoming.url ?? '',
    host: incoming.headers.host,
    bytes: 0,
    whole: false,
  };
  seen.push(record);
  incoming.on('data', (chunk: Buffer) => (record.bytes += chunk.byteLength));
  incoming.on('error', () => undefined);
  incoming.on('end', () => {
    record.whole = true;
    if (record.method !== 'GET') return outgoing.end(String(record.bytes));
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(incoming.headers.range ?? '') ?? [];
    if (first === undefined) return outgoing.writeHead(200, { 'content-length': body.byteLength }).end(body);
    const part = body.subarray(Number(first), Number(last) + 1);
    const range = `bytes ${first}-${last}/${body.byteLength}`;
    return outgoing.writeHead(206, { 'content-length': part.byteLength, 'content-range': range }).end(part);
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}/base`);
});

afterAll(async () => {
  agent.destroy();
  await proxy.close();
  server.close();
});

interface Sent {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

async function send(method = 'GET', headers: OutgoingHttpHeaders = {}, payload?: Buffer): Promise<Sent> {
  const outgoing = request(`${proxy.url}/a%20key?x=1`, { method, headers, agent });
  // A reset while the answer is read is told twice: here, and by the answer.
  outgoing.on('error', () => undefined);
  outgoing.end(payload);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) };
}

const ranged = { range: 'bytes=100-199' };

test('what nobody harms passes as it is, with the Host that the client used', async () => {
  await proxy.arm();
  expect((await send()).body.equals(body)).toBe(true);
  expect((await send('PUT', {}, Buffer.alloc(300_000))).body.toString()).toBe('300000');
  expect((await send('PUT', { 'transfer-encoding': 'chunked' }, Buffer.alloc(7))).body.toString()).toBe('7');
  expect((await send('PUT', { expect: '100-continue', 'content-length': 3 }, Buffer.alloc(3))).body.toString()).toBe(
    '3',
  );
  expect((await send('POST')).body.toString()).toBe('0');
  const last = seen.at(-1);
  expect(last).toMatchObject({ method: 'POST', url: '/base/a%20key?x=1', host: new URL(proxy.url).host });
  expect(proxy.fired).toBe(0);
  expect(proxy.requests).toHaveLength(5);
  expect(proxy.requests[0]).toMatchObject({ method: 'GET', path: '/base/a key', query: 'x=1', status: 200 });
});

test.each([
  ['reset-before', false],
  ['reset-after', true],
  ['lose-answer', true],
] as const)('%s: the connection is reset, and whether the server saw the request is %s', async (kind, applied) => {
  await proxy.arm({ method: 'PUT', fault: { kind } });
  const before = seen.length;
  await expect(send('PUT', {}, Buffer.alloc(100_000))).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect.poll(() => seen.slice(before).some(({ whole }) => whole)).toBe(applied);
  expect(proxy.fired).toBe(1);
  expect((await send('PUT', {}, Buffer.alloc(5))).body.toString()).toBe('5');
  expect(proxy.fired).toBe(1);
});

test('an upload that is reset midway reaches the server so far, and never whole', async () => {
  await proxy.arm({ fault: { kind: 'reset-upload', afterBytes: 60_000 } });
  const before = seen.length;
  await expect(send('PUT', {}, Buffer.alloc(1_000_000))).rejects.toMatchObject({
    code: expect.stringMatching(/ECONNRESET|EPIPE/) as string,
  });
  await expect.poll(() => seen.slice(before)).toMatchObject([{ method: 'PUT', bytes: 60_000, whole: false }]);
});

test.each([0, 1, 100_000])(
  'an answer that is reset or ended after %i bytes is never taken for whole',
  async (afterBytes) => {
    for (const kind of ['reset-answer', 'end-answer'] as const) {
      await proxy.arm({ fault: { kind, afterBytes } });
      await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
      expect(proxy.requests).toMatchObject([{ fault: kind, status: 200 }]);
    }
  },
);

test('an answer that is shortened says so itself, one that is corrupted differs in one bit', async () => {
  await proxy.arm({ fault: { kind: 'shorten-answer', afterBytes: 10 } }, { fault: { kind: 'corrupt-answer' } });
  expect((await send()).body.toString()).toBe('bbbbbbbbbb');
  expect((await send()).body.subarray(0, 2).toString()).toBe('cb');
});

test('silence, stalled answers and stalled uploads last', async () => {
  for (const kind of ['silent', 'stall-answer', 'stall-upload'] as const) {
    await proxy.arm({ fault: { kind, afterBytes: 3 } });
    const answered = send('PUT', {}, Buffer.alloc(8_000_000)).catch((error: unknown) => error);
    const quiet = new Promise((resolve) => setTimeout(resolve, 150, 'quiet'));
    expect(await Promise.race([answered, quiet])).toBe('quiet');
    expect(proxy.fired).toBe(1);
    await proxy.arm();
    expect(await answered).toBeInstanceOf(Error);
  }
});

test('an answer of ours, before and after the server has done what was asked for', async () => {
  const answer = { kind: 'answer', status: 503, headers: { 'retry-after': '2' }, body: '<Error/>' } as const;
  for (const applied of [false, true]) {
    await proxy.arm({ fault: { ...answer, applied } });
    const before = seen.length;
    const got = await send('PUT', {}, Buffer.alloc(10));
    expect(got).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(got.body.toString()).toBe('<Error/>');
    expect(seen.length - before).toBe(applied ? 1 : 0);
  }
});

test('the answer to a range can be the whole, shifted or mislabelled', async () => {
  await proxy.arm(
    { fault: { kind: 'wrong-range', answer: 'whole' } },
    { fault: { kind: 'wrong-range', answer: 'shifted' } },
    { fault: { kind: 'wrong-range', answer: 'mislabelled' } },
  );
  const whole = await send('GET', ranged);
  expect(whole).toMatchObject({ status: 200, headers: { 'content-length': '200000' } });
  expect(whole.headers['content-range']).toBeUndefined();
  expect(whole.body.subarray(99, 201).toString()).toBe(`\0${'b'.repeat(100)}\0`);
  expect((await send('GET', ranged)).headers['content-range']).toBe('bytes 101-200/200000');
  const lie = await send('GET', ranged);
  expect(lie).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 100-199/200000' } });
  expect(lie.body.byteLength).toBe(200_000);
});

test('delays come first, and so does what is to happen before', async () => {
  const order: string[] = [];
  await proxy.arm(
    { fault: { kind: 'delay', ms: 60 } },
    { fault: { kind: 'before', run: async () => order.push('it') } },
  );
  const began = performance.now();
  await send();
  expect(performance.now() - began).toBeGreaterThan(50);
  await send().then(() => order.push('answer'));
  expect(order).toEqual(['it', 'answer']);
});

test('rules are matched by method, path, query and more, skip and count, each path on its own', async () => {
  const fault = { kind: 'answer', status: 500 } as const;
  await proxy.arm(
    { method: ['PUT', 'POST'], fault },
    { path: '/other', times: 9, fault },
    { path: /^\/nothing/, times: 9, fault },
    { query: 'y', times: 9, fault },
    { query: /^x=2/, times: 9, fault },
    { when: ({ headers }) => 'range' in headers, skip: 1, fault },
    { path: '/a key', query: 'x', skip: 4, times: 1, each: true, fault },
  );
  const statuses: number[] = [];
  for (const [method, headers] of [
    ['GET'],
    ['PUT'],
    ['PUT'],
    ['GET', ranged],
    ['GET', ranged],
    ['GET', ranged],
  ] as const)
    statuses.push((await send(method, headers)).status);
  expect(statuses).toEqual([200, 500, 200, 206, 500, 206]);
  for (let round = 0; round < 4; round += 1) statuses.push((await send()).status);
  // `each` counts the GETs apart from the PUTs; what another rule hit does not count.
  expect(statuses.slice(6)).toEqual([200, 200, 500, 200]);
  expect(proxy.fired).toBe(3);
});

test('connections are refused until the proxy is armed again, those that are open included', async () => {
  await proxy.arm();
  await send();
  expect(proxy.connections).toBe(1);
  await proxy.refuse();
  await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(proxy.connections).toBe(0);
  await proxy.arm();
  expect((await send()).status).toBe(200);
});

test('connections that were open are closed when the proxy is armed', async () => {
  await proxy.arm();
  await send();
  expect(proxy.connections).toBe(1);
  await proxy.arm();
  expect(proxy.connections).toBe(0);
  await send();
  await proxy.close();
});
