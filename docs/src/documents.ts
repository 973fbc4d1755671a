import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quotesOf, type Snippet, snippetsOf } from './snippets.ts';

export const root: string = join(import.meta.dirname, '..', '..');

/** A document, and the blocks of TypeScript in it. */
export interface Document {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly snippets: readonly Snippet[];
  /** Pieces of files that it shows, by the path of the file. */
  readonly quotes: readonly { readonly path: string; readonly code: string }[];
}

/** Every document that is meant for users. */
export function documents(): Document[] {
  return globSync(['README.md', 'packages/*/README.md', 'examples/*/README.md', 'docs/guides/*.md'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .map(({ path, text }) => ({ path, snippets: snippetsOf(text), quotes: quotesOf(text) }))
    .filter(({ snippets, quotes }) => snippets.length + quotes.length > 0);
}
