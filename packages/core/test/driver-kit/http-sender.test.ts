import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { createAgents } from '../../src/driver-kit/agents.ts';
import { bytesOf, refusalText } from '../../src/driver-kit/answer-body.ts';
import { createHttpSender, type HttpSender } from '../../src/driver-kit/http-sender.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function senderTo(listener: RequestListener, maxSockets = 2): Promise<{ send: HttpSender; server: Server }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agents = createAgents({ maxSockets });
  closing.push(
    () => agents.destroy(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { send: createHttpSender({ isTls: false, hostname: '127.0.0.1', port: String(port) }, agents), server };
}

const { signal } = new AbortController();

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) {
    yield Buffer.alloc(16 * 1024);
    await new Promise(setImmediate);
  }
}

test('a body that is refused before it was read holds no connection', { timeout: 20_000 }, async () => {
  const { send } = await senderTo((_request, response) => {
    // Answered at once, and the connection kept, as services do that look at conditions first.
    response.writeHead(412, { 'content-length': 4 });
    response.end('gone');
  });
  const headers = { host: 'a', 'content-length': '1000000000' };
  for (let n = 0; n < 20; n++) {
    const answer = await send({ method: 'PUT', path: '/', headers, body: endless() }, signal);
    expect([answer.statusCode, await refusalText(answer)]).toEqual([412, 'gone']);
  }
});

/** A server in a thread of its own: it refuses a request that has begun when it is told to, breaks the connection, and says so. */
const refusing = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const step = new Int32Array(workerData);
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => {
    socket.pause();
    parentPort.postMessage('begun');
    Atomics.wait(step, 0, 0);
    socket.write('HTTP/1.1 403 Forbidden\\r\\ncontent-length: 4\\r\\nconnection: close\\r\\n\\r\\nskew', () => {
      socket.resetAndDestroy();
      Atomics.store(step, 0, 2);
      Atomics.notify(step, 0);
    });
  });
}).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

test.each([1, 4])(
  'a refusal is read although the connection breaks while this process is busy, %i chunks',
  async (chunks) => {
    const step = new Int32Array(new SharedArrayBuffer(4));
    const server = new Worker(refusing, { eval: true, workerData: step.buffer });
    const [port] = (await once(server, 'message')) as [number];
    const agents = createAgents({ maxSockets: 2 });
    closing.push(
      () => agents.destroy(),
      () => void server.terminate(),
    );
    const send = createHttpSender({ isTls: false, hostname: '127.0.0.1', port: String(port) }, agents);
    async function* body(): AsyncGenerator<Uint8Array> {
      const begun = once(server, 'message');
      Atomics.store(step, 0, 0);
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        yield Buffer.alloc(16 * 1024);
        if (chunk > 0) continue;
        await begun;
        Atomics.store(step, 0, 1);
        Atomics.notify(step, 0);
        // Busy until the connection is broken, and for a moment longer.
        expect(Atomics.wait(step, 0, 1, 10_000)).not.toBe('timed-out');
        Atomics.wait(step, 0, 2, 5);
      }
    }
    const headers = { host: 'a', 'content-length': String(chunks * 16 * 1024) };
    for (let n = 0; n < 5; n += 1) {
      const answer = await send({ method: 'PUT', path: '/', headers, body: body() }, signal);
      expect([answer.statusCode, await refusalText(answer)]).toEqual([403, 'skew']);
    }
  },
);

test('it rejects with the failure of the body, and the request does not come to its end', async () => {
  let isWhole: boolean | undefined;
  const { send, server } = await senderTo((request) => {
    request.resume();
    request.once('close', () => {
      isWhole = request.complete;
      server.emit('seen');
    });
  });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    // A real source takes its time to break.
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new RangeError('the disk is gone');
  }
  const headers = { host: 'a', 'content-length': '8' };
  const seen = once(server, 'seen');
  await expect(send({ method: 'PUT', path: '/', headers, body: broken() }, signal)).rejects.toThrow('the disk is gone');
  await seen;
  expect(isWhole).toBe(false);
});

test('an abort ends a request that waits, and a body that is read', async () => {
  const { send } = await senderTo((request, response) => {
    if (request.url === '/waits') return;
    response.writeHead(200, { 'content-length': 8 });
    response.write('half');
  });
  const waits = new AbortController();
  const answered = send({ method: 'GET', path: '/waits', headers: { host: 'a' } }, waits.signal);
  setTimeout(() => waits.abort(), 20);
  await expect(answered).rejects.toMatchObject({ name: 'AbortError' });

  const reads = new AbortController();
  const answer = await send({ method: 'GET', path: '/half', headers: { host: 'a' } }, reads.signal);
  const read = bytesOf(answer);
  reads.abort();
  await expect(read).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a connection serves one request after the other', async () => {
  const sockets = new Set<unknown>();
  const { send } = await senderTo((request, response) => {
    sockets.add(request.socket);
    request.resume().once('end', () => response.end('text'));
  });
  for (let n = 0; n < 5; n++) {
    const answer = await send({ method: 'GET', path: '/', headers: { host: 'a' } }, signal);
    expect((await bytesOf(answer)).toString()).toBe('text');
  }
  expect(sockets.size).toBe(1);
});
