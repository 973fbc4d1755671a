import type { SaveResult, StorageBackend } from '@storage/core';

/**
 * Stores what a URL answers, streamed; a `Response` is a body, and brings its content type along. An answer that
 * breaks off stores nothing. Give it only URLs that you trust: it fetches whatever it is given.
 */
export async function saveFromUrl(
  backend: StorageBackend,
  key: string,
  url: string | URL,
  maxSize: number,
): Promise<SaveResult> {
  const response = await fetch(url);
  if (response.ok) return backend.save(key, response, { maxSize });
  await response.body?.cancel();
  throw new Error(`${String(url)} answered ${String(response.status)}`);
}
