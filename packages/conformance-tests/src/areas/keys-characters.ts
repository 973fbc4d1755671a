import type { ConformanceCase } from '../case.ts';
import { keptApart, keptOrDropped, refusedEverywhere, roundTrip } from './keys-case.ts';

const punctuation = Array.from(' !"#$%&\'()*+,-:;<=>?@[]^_`{|}~');

export const keyCharacters: readonly ConformanceCase[] = [
  {
    number: 20,
    title: 'every printable ASCII punctuation character, alone and combined',
    run: async (context) => {
      const around = punctuation.map((character) => `in${character}side`);
      const ends = punctuation.flatMap((character) => [`${character}x`, `alone${character}/${character}`]);
      await roundTrip(context, [
        ...new Set([...around, ...ends, punctuation.join(''), punctuation.toReversed().join('')]),
      ]);
    },
  },
  {
    number: 21,
    title: 'quotes and spaces, leading and trailing ones too, are kept',
    run: (context) =>
      roundTrip(context, [' ', ' a', 'a ', 'a  b', `"q"`, `'q'`, '`q`', 'dir /file', ' dir/ file ', 'a b/c d']),
  },
  {
    number: 21,
    title: 'tab, line feed and carriage return are InvalidKey',
    run: async (context) => {
      for (const character of ['\t', '\n', '\r', '\r\n']) {
        await refusedEverywhere(context, context.key(`a${character}b`));
        await refusedEverywhere(context, `${context.key('a')}${character}`);
      }
    },
  },
  {
    number: 22,
    title: 'a leading tilde and a leading dot are kept',
    run: async (context) => {
      await roundTrip(context, ['~', '~user', '.hidden', '..two', '.a/.b', '~~/~a']);
      await keptOrDropped(context, '...');
    },
  },
  {
    number: 22,
    title: 'a trailing dot is kept, or the key is refused: it is never stripped',
    run: async (context) => {
      await keptOrDropped(context, 'two..', 'a./b./c');
      await keptApart(context, context.key('dot'), context.key('dot.'));
      await keptApart(context, context.key('dir/file'), context.key('dir./file'));
    },
  },
  {
    number: 23,
    title: 'leading digits are kept',
    run: (context) => roundTrip(context, ['0', '1a', '007', '1/2/3', '-1', '1e5']),
  },
  {
    number: 24,
    title: 'emoji, CJK, right-to-left text and combining marks are kept',
    run: (context) =>
      roundTrip(context, [
        '🙀',
        '👩‍👩‍👧‍👦/family',
        '日本語/ファイル.txt',
        '中文',
        '한국어',
        'עברית/קובץ',
        'العربية',
        'e\u0301',
        'a\u0300\u0316',
        'ก็',
        '\u{10FFFD}',
        '\u{1F640}\uFF5E',
        '\u00a0',
        '\u200b',
        '\ufeff',
      ]),
  },
  {
    number: 38,
    title: 'names that Windows reserves are ordinary keys',
    run: (context) =>
      roundTrip(context, [
        'CON',
        'con.txt',
        'PRN',
        'AUX/x',
        'NUL',
        'COM1',
        'COM¹',
        'LPT9.log',
        'a:b',
        'C:x',
        'file::$DATA',
        '<>|',
        'q"q',
        'star*',
        'what?',
        'CONIN$',
      ]),
  },
];
