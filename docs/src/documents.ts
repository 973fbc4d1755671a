import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Snippet, snippetsOf } from './snippets.ts';

const root = join(import.meta.dirname, '..', '..');

/** A document, and the blocks of TypeScript in it. */
export interface Document {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly snippets: readonly Snippet[];
}

// Its blocks are pieces of an example, which `quoted.test.ts` compares with it.
const quoting = 'docs/guides/adding-a-backend.md';

/** Every document that is meant for users. */
export function documents(): Document[] {
  return globSync(['README.md', 'packages/*/README.md', 'examples/*/README.md', 'docs/guides/*.md'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path !== quoting)
    .sort()
    .map((path) => ({ path, snippets: snippetsOf(readFileSync(join(root, path), 'utf8')) }))
    .filter(({ snippets }) => snippets.length > 0);
}
