import { randomBytes } from 'node:crypto';

/** A short string that no other run has. */
export function runId(): string {
  return randomBytes(4).toString('hex');
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
  ['underscore escape', '__0x2f__', '/'.replace('/', '__0x2F__')],
  ['plus sequence', '%2B', '+'],
  ['width', 'Ａ', 'A'],
];
