import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../../../', import.meta.url);
const guide = readFileSync(new URL('docs/guides/adding-a-backend.md', root), 'utf8');
const blocks = [...guide.matchAll(/^```ts title="([^"]+)"\n(.*?)^```$/gms)].map(([, path = '', code = '']) => ({
  path,
  code,
}));

test('the guide shows the memory backend', () => {
  expect(new Set(blocks.map((block) => block.path)).size).toBeGreaterThan(5);
});

test.each(blocks)('what the guide shows of $path is what it holds', ({ path, code }) => {
  expect(readFileSync(new URL(path, root), 'utf8')).toContain(code);
});
