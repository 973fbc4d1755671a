import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileBody } from '../../src/object/body.ts';

const KiB = 1024;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'body-'));
  path = join(folder, 'file');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function someBytes(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 7 + (index >> 8)) % 251));
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return chunks;
}

/** Closing goes to a thread. Only Linux tells which files are open. */
async function expectClosed(): Promise<void> {
  if (!existsSync('/proc/self/fd')) return;
  const isOpen = (): boolean =>
    readdirSync('/proc/self/fd').some((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === path;
      } catch {
        return false;
      }
    });
  for (let turn = 0; turn < 1000 && isOpen(); turn += 1) await setImmediate();
  expect(isOpen()).toBe(false);
}

describe('the body of a file', () => {
  it.each([0, 1, 64 * KiB, 64 * KiB + 1, 256 * KiB, 256 * KiB + 1, 900 * KiB])(
    'of %i bytes comes in chunks of at most 64 KiB that share no memory',
    async (size) => {
      writeFileSync(path, someBytes(size));
      const chunks = await drain(fileBody(openSync(path, 'r'), 0, size));
      expect(Buffer.concat(chunks).equals(someBytes(size))).toBe(true);
      expect(chunks.length).toBe(Math.ceil(size / (64 * KiB)));
      expect(new Set(chunks.map(({ buffer }) => buffer)).size).toBe(chunks.length);
      await expectClosed();
    },
  );

  it('begins and ends where it is asked to', async () => {
    writeFileSync(path, someBytes(500 * KiB));
    const chunks = await drain(fileBody(openSync(path, 'r'), 3, 300 * KiB));
    expect(Buffer.concat(chunks).equals(someBytes(500 * KiB).subarray(3, 300 * KiB))).toBe(true);
  });

  it('that was cut short is Corrupted', async () => {
    writeFileSync(path, someBytes(400 * KiB));
    const body = fileBody(openSync(path, 'r'), 0, 400 * KiB);
    truncateSync(path, 300 * KiB);
    await expect(drain(body)).rejects.toMatchObject({ classification: { code: 'Corrupted' } });
    await expectClosed();
  });

  it.each(['before a pull', 'during a pull', 'between pulls'])(
    'that is cancelled %s reads no further',
    async (when) => {
      writeFileSync(path, someBytes(900 * KiB));
      const body = fileBody(openSync(path, 'r'), 0, 900 * KiB);
      const chunks = body[Symbol.asyncIterator]();
      if (when === 'between pulls') await chunks.next();
      const pending = when === 'during a pull' ? chunks.next() : undefined;
      await body.cancel();
      await pending?.catch(() => undefined);
      await expectClosed();
      // The number of the file is free: who gets it now must not lose it, or have it read.
      const other = openSync(path, 'r');
      expect(await chunks.next()).toEqual({ done: true, value: undefined });
      await setImmediate();
      closeSync(other);
    },
  );
});
