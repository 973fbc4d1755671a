import { join } from 'node:path';
import type { Snippet } from './snippets.ts';

export const snippetsFolder: string = join(import.meta.dirname, '..', '.snippets');

/** Name of the file of a block; it tells where the block is. */
export function snippetFile(document: string, { line }: Snippet): string {
  return `${document.replaceAll(/[/.]/g, '-')}-${String(line)}.ts`;
}
