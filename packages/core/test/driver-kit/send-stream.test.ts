import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { UploadBody } from '../../src/driver.ts';
import { sendStream } from '../../src/driver-kit/send-stream.ts';

function bodyOf(open: () => AsyncIterable<Uint8Array>): UploadBody {
  return { size: undefined, open };
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** What an SDK does that never looks at errors of the stream it sends: it waits for its signal. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('AbortError of the SDK')));
  });
}

const never = new AbortController().signal;

test('a body arrives whole', async () => {
  const body = bodyOf(async function* () {
    yield Buffer.from('ab');
    yield Buffer.from('c');
  });
  expect(await sendStream(body, never, readAll)).toBe('abc');
});

test('a body that fails ends the request, and its own error is the outcome', async () => {
  const failure = new Error('the disk is gone');
  const body = bodyOf(async function* () {
    yield Buffer.from('ab');
    throw failure;
  });
  const send = async (stream: Readable, signal: AbortSignal): Promise<never> => {
    stream.resume();
    return untilAborted(signal);
  };
  await expect(sendStream(body, never, send)).rejects.toBe(failure);
});

test('a request that is refused early stops the body', async () => {
  let stopped = false;
  const body = bodyOf(async function* () {
    try {
      for (;;) yield new Uint8Array(1024);
    } finally {
      stopped = true;
    }
  });
  const refusal = new Error('412');
  const send = async (stream: Readable): Promise<never> => {
    await new Promise((resolve) => stream.once('data', resolve));
    throw refusal;
  };
  await expect(sendStream(body, never, send)).rejects.toBe(refusal);
  await new Promise(setImmediate);
  expect(stopped).toBe(true);
});

test("the caller's signal reaches the request", async () => {
  const controller = new AbortController();
  const body = bodyOf(async function* () {
    yield new Uint8Array(1);
  });
  const sent = sendStream(body, controller.signal, (_stream, signal) => untilAborted(signal));
  controller.abort(new Error('enough'));
  await expect(sent).rejects.toThrow('AbortError of the SDK');
});
