import { randomBytes } from 'node:crypto';

/** A short string that no other run has. */
export function runId(): string {
  return randomBytes(4).toString('hex');
}

/** Whether a segment of a key ends in a dot. */
export function endsInDot(key: string): boolean {
  return /\.(?:\/|$)/.test(key);
}

/** Portable keys that are easily mangled: each must come back as it was given, and none may be another. */
export const weirdNames: readonly string[] = [
  'plain.txt',
  ' leading space',
  'trailing space ',
  'two  spaces',
  'it\'s "quoted"',
  '+plus+',
  '#hash',
  '?question=1',
  '&amp;',
  '%48',
  '%2F',
  '%Q',
  'test%46.txt',
  '100%',
  '~tilde',
  '.dot',
  'trailing.dot.x',
  '0digit',
  '[brackets]{braces}(parens)',
  'star*caret^dollar$',
  'semi;colon:comma,',
  '<angle>|pipe`tick',
  '=equals!bang@at',
  '__0x2f__',
  'a.json',
  'emoji-🙀',
  '日本語',
  'עברית',
  'combining-e\u0301',
  'precomposed-é',
  'ｆull～width',
];

/** Pairs of names that careless escaping, folding or normalising makes one. */
export const twins: readonly (readonly [string, string, string])[] = [
  ['percent sequence', '%48ello', 'Hello'],
  ['encoded slash', 'a%2Fb', 'a/b'],
  ['plus and space', 'a+b', 'a b'],
  ['case', 'README', 'readme'],
  ['NFC and NFD', 'caf\u00e9', 'cafe\u0301'],
  ['compatibility form', 'ﬁle', 'file'],
  ['leading space', ' x', 'x'],
  ['trailing space', 'y ', 'y'],
  ['double encoding', '%2541', '%41'],
  ['underscore escape', '__0x2f__', '__0x2F__'],
  ['plus sequence', '%2B', '+'],
  ['width', 'Ａ', 'A'],
];

/** Compares as a listing of the declared order does. */
export function byListOrder(order: 'utf8' | 'utf16'): (a: string, b: string) => number {
  if (order === 'utf16') return (a, b) => (a < b ? -1 : Number(a > b));
  return (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The same numbers for the same seed, from 0 to 1. */
export function randomFrom(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

const alphabet = Array.from('aAbz09-_.~%+ !#&()=[]{}@,;:\'"?*<>|^`$').concat(
  '%2F',
  '%41',
  'é',
  'e\u0301',
  'ß',
  '日',
  '🙀',
  '\uFF5E',
);

/** Different portable keys of up to three segments, of which none is a folder of another. */
export function randomNames(howMany: number, seed: number): readonly string[] {
  const random = randomFrom(seed);
  const pick = (): string => alphabet[Math.floor(random() * alphabet.length)] ?? 'a';
  const segment = (): string => Array.from({ length: 1 + Math.floor(random() * 6) }, pick).join('');
  const names = new Set<string>();
  while (names.size < howMany) {
    // A letter that folders end in and files do not keeps them apart.
    const folders = Array.from({ length: Math.floor(random() * 3) }, () => `${segment()}d/`);
    names.add(`${folders.join('')}${segment()}f`);
  }
  return [...names];
}
