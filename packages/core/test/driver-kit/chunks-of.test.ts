import { expect, test } from 'vitest';
import type { UploadBody } from '../../src/driver.ts';
import { chunksOf } from '../../src/driver-kit/chunks-of.ts';

const never = new AbortController().signal;

function watched(): { readonly body: UploadBody; readonly stopped: () => boolean } {
  let stopped = false;
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (const value of [1, 2, 3]) yield Uint8Array.of(value);
    } finally {
      stopped = true;
    }
  }
  return { body: { size: undefined, open: source }, stopped: () => stopped };
}

test('a reader that stops tells the source to stop', async () => {
  const { body, stopped } = watched();
  for await (const chunk of chunksOf(body, never)) {
    expect(chunk).toEqual(Uint8Array.of(1));
    break;
  }
  expect(stopped()).toBe(true);
});

test('an abort between two chunks ends with the reason of the signal', async () => {
  const { body, stopped } = watched();
  const controller = new AbortController();
  const chunks = chunksOf(body, controller.signal);
  await chunks.next();
  controller.abort('stop');
  await expect(chunks.next()).rejects.toBe('stop');
  await chunks.next();
  expect(stopped()).toBe(true);
});

test('pieces come as they are, and no source is opened', async () => {
  const pieces = [Uint8Array.of(1), Uint8Array.of(2, 3)];
  const body: UploadBody = {
    size: 3,
    pieces,
    open() {
      throw new Error('opened');
    },
  };
  const found: Uint8Array[] = [];
  for await (const chunk of chunksOf(body, never)) found.push(chunk);
  expect(found).toEqual(pieces);
});
