import assert from 'node:assert/strict';
import type { ByteRange, StorageBackend } from '@storage/core';
import { sameBytes } from '../assertions.ts';

/** Asserts that a range gives these bytes, says where they lie, and how large the whole is. */
export async function gives(
  backend: StorageBackend,
  key: string,
  range: ByteRange,
  whole: Uint8Array,
  start: number,
  end: number,
): Promise<void> {
  const what = JSON.stringify(range);
  const file = await backend.retrieve(key, { range });
  assert.deepEqual({ ...file.range }, { start, end }, `range of ${what}`);
  assert.equal(file.size, whole.byteLength, `size of the whole with ${what}`);
  sameBytes(await file.bytes(), whole.subarray(start, end), what);
}
