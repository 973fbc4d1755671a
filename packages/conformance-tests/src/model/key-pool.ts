import type { Capabilities } from '@storage/core';
import type { Harness } from '../harness.ts';
import { endsInDot } from '../keys.ts';

/** What a store makes of names. */
export type StoreNames = Pick<Harness, 'foldsCase' | 'dropsDots'>;

/** Few keys, chosen so that they are easily taken for one another, or one for the folder of another. */
const names: readonly string[] = [
  'a',
  'a/b',
  'a/b/c',
  'a-b',
  'a.b',
  'a0',
  'A',
  'dir/x',
  'dir/x.y',
  'dir/X',
  'dir-/x',
  '100%',
  '%41',
  '%2F',
  'dir%2Fx',
  'dir/%2e%2e',
  'ü',
  'u\u0308',
  '🙀',
  '～',
  '.hidden',
  'dots..',
  ' lead',
  'trail ',
  'a.json',
  'a~',
  '+',
  'q?x#y',
];

/**
 * The keys of a run. Where listings hide a key behind a shorter one, no key is the folder of another; where the store
 * folds case, no two differ in case only; where it drops dots, none ends a segment in one.
 */
export function keyPool(
  { keyCanBePrefixOfKey }: Pick<Capabilities, 'keyCanBePrefixOfKey'>,
  { foldsCase = false, dropsDots = false }: StoreNames,
): readonly string[] {
  const pool = names.filter((name) => !(foldsCase && name !== name.toLowerCase()) && !(dropsDots && endsInDot(name)));
  if (keyCanBePrefixOfKey !== 'hidden') return pool;
  return pool.filter((name) => !pool.some((other) => other.startsWith(`${name}/`)));
}

/** Prefixes that find some of the keys: all, folders, and beginnings that end inside a name. */
export function prefixPool(keys: readonly string[]): readonly string[] {
  const prefixes = keys.flatMap((key) => [key, key.slice(0, key.lastIndexOf('/') + 1)]);
  return [...new Set(['', ...prefixes, 'di', 'a/b/', 'none/'])];
}
