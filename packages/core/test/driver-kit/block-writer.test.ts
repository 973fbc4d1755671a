import { expect, it } from 'vitest';
import { createBlockWriter } from '../../src/driver-kit/block-writer.ts';

const MiB = 1024 * 1024;

/** What was written, as copies: the blocks are used again. */
function recorder(): { readonly written: Buffer[]; readonly write: (block: Uint8Array) => Promise<void> } {
  const written: Buffer[] = [];
  return { written, write: async (block) => void written.push(Buffer.from(block)) };
}

it('writes chunks of any size in blocks of 1 MiB', async () => {
  const { written, write } = recorder();
  const writer = createBlockWriter(write);
  const bytes = Buffer.alloc(3 * MiB + 7, 'the bytes ');
  const cuts = [0, 1, 65_537, MiB, MiB + 3, 3 * MiB + 1, bytes.length];
  for (const [i, end] of cuts.slice(1).entries()) await writer.push(bytes.subarray(cuts[i], end));
  await writer.end();
  await writer.close();
  expect(written.map((block) => block.length)).toEqual([MiB, MiB, MiB, 7]);
  expect(Buffer.concat(written).equals(bytes)).toBe(true);
});

it('takes what was read to its target as it is, and what only lies in the same memory by copying', async () => {
  const { written, write } = recorder();
  const writer = createBlockWriter(write);
  await writer.push(Buffer.from('ab'));
  const target = writer.target();
  target.set(Buffer.from('cd'));
  await writer.push(target.subarray(0, 2));
  await writer.push(target.subarray(1, 2));
  await writer.end();
  await writer.close();
  expect(written.map(String)).toEqual(['abcdd']);
});

it('has a target that is never empty', async () => {
  const writer = createBlockWriter(async () => undefined);
  await writer.push(new Uint8Array(MiB - 1));
  expect(writer.target().byteLength).toBe(1);
  await writer.push(new Uint8Array(1));
  expect(writer.target().byteLength).toBe(MiB);
  await writer.close();
});

it('writes nothing for an empty body', async () => {
  const { written, write } = recorder();
  const writer = createBlockWriter(write);
  await writer.end();
  await writer.close();
  expect(written).toEqual([]);
});

it('reports a write that failed, and writes nothing behind it', async () => {
  let writes = 0;
  const writer = createBlockWriter(async () => {
    writes += 1;
    throw new Error('the disk is full');
  });
  await writer.push(new Uint8Array(MiB));
  await expect(writer.push(new Uint8Array(MiB))).rejects.toThrow('the disk is full');
  await expect(writer.end()).rejects.toThrow('the disk is full');
  await writer.close();
  expect(writes).toBe(1);
});

it('fills one block while the other is written, and waits for it before it is filled again', async () => {
  const ends: (() => void)[] = [];
  const writer = createBlockWriter(() => new Promise((resolve) => ends.push(resolve)));
  await writer.push(new Uint8Array(MiB));
  await writer.push(new Uint8Array(MiB - 1));
  let isTaken = false;
  const taking = writer.push(new Uint8Array(1)).then(() => {
    isTaken = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([ends.length, isTaken]).toEqual([1, false]);
  ends[0]!();
  await taking;
  expect(ends.length).toBe(2);
  ends[1]!();
  await writer.end();
  await writer.close();
});

it('uses its blocks again, but none of a body that was given up: its source may still write to it', async () => {
  const whole = createBlockWriter(async () => undefined);
  const kept = whole.target().buffer;
  await whole.end();
  await whole.close();

  const abandoned = createBlockWriter(async () => undefined);
  const lost = abandoned.target().buffer;
  expect(lost).toBe(kept);
  await abandoned.close();

  const next = createBlockWriter(async () => undefined);
  expect(next.target().buffer).not.toBe(lost);
  await next.close();
});

it('takes a small block for a small body, and more blocks when more comes than was said', async () => {
  const { written, write } = recorder();
  const writer = createBlockWriter(write, 10);
  expect(writer.target().byteLength).toBe(10);
  await writer.push(Buffer.from('0123456'));
  expect(writer.target().byteLength).toBe(3);
  await writer.push(Buffer.from('789abcdefghijkl'));
  await writer.end();
  await writer.close();
  expect(written.map(String)).toEqual(['0123456789', 'abcdefghij', 'kl']);
  expect(createBlockWriter(write, 0).target().byteLength).toBe(1);
});

it('keeps no small block for another body', async () => {
  const small = createBlockWriter(async () => undefined, 10);
  await small.push(Buffer.from('0123'));
  await small.end();
  await small.close();
  expect(createBlockWriter(async () => undefined).target().byteLength).toBe(MiB);
});
