import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { StorageBackend } from '@storage/core';
import { assertCode, eventually, holds, sameBytes } from '../assertions.ts';
import { concatenate, pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';

/** Larger than what a read has buffered already when it resolves, and than what sockets hold. */
const large = 8 * 1024 * 1024;

/** Reads until the first chunk, then stops in one of the ways there are. */
async function stopEarly(backend: StorageBackend, key: string, how: number): Promise<void> {
  const file = await backend.retrieve(key);
  if (how === 0) return file.cancel();
  if (how === 1) {
    for await (const chunk of file) {
      assert.ok(chunk.byteLength > 0);
      break;
    }
    return;
  }
  if (how === 2) {
    const reader = file.stream().getReader();
    await reader.read();
    return reader.cancel();
  }
  if (how === 3) {
    const stream = file.nodeStream();
    stream.destroy();
    return;
  }
  await using disposed = file;
  assert.equal(disposed.key, key);
}

/** Files and sockets that this process holds, where the system tells. */
function openHandles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return process.getActiveResourcesInfo().length;
  }
}

/** Reads on to the end; resolves to the error, if there is one. */
async function drain(iterator: AsyncIterator<Uint8Array>, chunks: Uint8Array[]): Promise<unknown> {
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) chunks.push(next.value);
    return undefined;
  } catch (error) {
    return error;
  }
}

export const openReads: readonly ConformanceCase[] = [
  {
    number: 74,
    title: 'reads that are stopped early hold neither socket nor handle',
    run: async ({ backend, key, makeFaulty }) => {
      const bytes = pattern(1024 * 1024, 74);
      await backend.save(key(), bytes);
      const watched = await makeFaulty();
      await stopEarly(watched.backend, key(), 0);
      const before = openHandles();
      const rounds = count(75, 1000);
      for (let round = 0; round < rounds; round += 1) await stopEarly(watched.backend, key(), round % 5);
      await eventually(() => watched.faults.openBodies === 0, 'every body of the driver is given back');
      await eventually(() => openHandles() - before < rounds / 3, `handles: ${before} before, ${openHandles()} after`);
      await holds(watched.backend, key(), bytes);
    },
  },
  {
    number: 75,
    title: 'an object that is replaced while it is read: all bytes of the old one, or an error',
    run: async ({ backend, key }) => {
      const [old, other] = [pattern(large, 1), pattern(large, 2)];
      await backend.save(key(), old);
      const file = await backend.retrieve(key());
      const iterator = file[Symbol.asyncIterator]();
      const first = await iterator.next();
      assert.ok(first.done !== true);
      await backend.save(key(), other);
      const chunks = [first.value];
      const error = await drain(iterator, chunks);
      const read = concatenate(chunks);
      sameBytes(read, old.subarray(0, read.byteLength), 'never a mix');
      if (error === undefined) assert.equal(read.byteLength, old.byteLength, 'never short without an error');
      else assertCode(error, 'PreconditionFailed', 'NotFound', 'Unavailable');
      await holds(backend, key(), other);
    },
  },
];
