import { log } from '@clack/prompts';
import type { LocalBackend } from '@storage/backend-local';
import type { FileEntry } from '@storage/core';
import { formatBytes, formatCount, formatTable } from './format.ts';

const shown = 10;

/** Lists what is stored, page by page, and prints the largest files. */
export async function showFiles(backend: LocalBackend): Promise<void> {
  const entries: FileEntry[] = [];
  for await (const entry of backend.walk('', { include: ['metadata'] })) entries.push(entry);
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  const largest = entries.toSorted((a, b) => b.size - a.size).slice(0, shown);
  const rows = largest.map(({ key, size, contentType = '' }) => [key, formatBytes(size), contentType]);
  const rest = entries.length - rows.length;
  log.step(
    [
      `Stored now: ${formatCount(entries.length, 'file')}, ${formatBytes(bytes)}. The largest:`,
      formatTable([['key', 'size', 'type'], ...rows], [1]),
      ...(rest > 0 ? [`… and ${formatCount(rest, 'file')} more`] : []),
    ].join('\n'),
  );
}
