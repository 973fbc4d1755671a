import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const guide = readFileSync(join(root, 'docs', 'guides', 'adding-a-backend.md'), 'utf8');
const example = 'examples/sqlite-backend/';

const blocks = [...guide.matchAll(/^```\w+(?: title="([^"]+)")?\n(.*?)^```$/gms)].map(([, path = '', code = '']) => ({
  path,
  code,
}));

test('the guide shows the files of the example, and nothing else', () => {
  expect(new Set(blocks.map(({ path }) => path)).size).toBeGreaterThan(9);
  expect(blocks.filter(({ path }) => !path.startsWith(example))).toEqual([]);
});

test.each(blocks)('what the guide shows of $path is what it holds', ({ path, code }) => {
  expect(code.trim()).not.toBe('');
  expect(readFileSync(join(root, path), 'utf8')).toContain(code);
});
