import { expect, it } from 'vitest';
import { PartLane } from '../../src/transfer/part-lane.ts';
import { StreamFeed } from '../../src/transfer/stream-feed.ts';
import { KiB, someBytes, streamOf } from './setup.ts';

it('serves parts that grow from the buffers of those before, and holds no more than the largest', async () => {
  const bytes = someBytes(8000 * KiB);
  const sizeAt = (offset: number): number => 300 * KiB + Math.floor(offset / (1000 * KiB)) * 100 * KiB;
  const feed = new StreamFeed(streamOf(bytes, 7001), sizeAt, 10_000);
  const lane = new PartLane();
  const sent: Buffer[] = [];
  const buffers = new Set<ArrayBufferLike>();
  let largest = 0;
  for (let part = await feed.next(lane); part !== undefined; part = await feed.next(lane)) {
    sent.push(Buffer.concat(part.pieces));
    for (const { buffer } of part.pieces) buffers.add(buffer);
    largest = Math.max(largest, part.size);
    expect(part.pieces.reduce((sum, piece) => sum + piece.byteLength, 0)).toBe(part.size);
  }
  expect(Buffer.concat(sent).equals(bytes)).toBe(true);
  expect(largest).toBe(900 * KiB);
  expect([...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThanOrEqual(largest);
});

it('takes no more memory than a few bytes need', () => {
  const [first] = new PartLane().buffers(8192 * KiB);
  expect(first?.byteLength).toBe(256 * KiB);
});

it('holds none of the bytes of an attempt that may still be sending', async () => {
  const lane = new PartLane();
  const [before] = lane.buffers(KiB);
  void lane.lend(() => new Promise(() => undefined));
  const [after] = lane.buffers(KiB);
  expect(after?.buffer).not.toBe(before?.buffer);
  const [again] = lane.buffers(KiB);
  expect(again?.buffer).toBe(after?.buffer);
});
