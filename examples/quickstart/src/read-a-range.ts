import { log } from '@clack/prompts';
import type { LocalBackend } from '@storage/backend-local';
import { formatBytes } from './format.ts';

/** Reads the first bytes of a file without the rest. */
export async function readARange(backend: LocalBackend, key: string): Promise<void> {
  const file = await backend.retrieve(key, { range: { start: 0, end: 60 } });
  const text = await file.text();
  log.step(
    `Read a range of ${key}: ${String(text.length)} characters of ${formatBytes(file.size)}\n${JSON.stringify(text)}`,
  );
}
