import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { headOf } from '../assertions.ts';

export type Metadata = Readonly<Record<string, string>>;

/** Asserts that metadata comes back as it was given, from the save, a head and a read. */
export async function comesBack(
  backend: StorageBackend,
  key: string,
  metadata: Metadata,
  body = 'body',
): Promise<void> {
  const saved = await backend.save(key, body, { metadata });
  const file = await backend.retrieve(key);
  await file.cancel();
  for (const info of [saved, await headOf(backend, key), file]) {
    assert.deepEqual(Object.entries(info.metadata).toSorted(), Object.entries(metadata).toSorted());
  }
}

/** Metadata of exactly so many bytes as core counts them: name, value and 11 for each entry. */
export function metadataOf(bytes: number, entries: number): Metadata {
  const names = Array.from({ length: entries }, (_, index) => `m${String(index).padStart(3, '0')}`);
  const each = Math.floor(bytes / entries) - 11 - 4;
  const rest = bytes - entries * (each + 11 + 4);
  return Object.fromEntries(names.map((name, index) => [name, 'v'.repeat(each + (index === 0 ? rest : 0))]));
}
