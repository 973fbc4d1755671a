import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDeviceName } from '../../src/names/device-names.ts';
import { decodeSegment, encodeSegment } from '../../src/names/segment.ts';

const runs = process.env['STORAGE_TESTS_LONG'] === '1' ? 100_000 : 2_000;

/** Segments that keys are made of, with many of those that names are troubled by. */
const segment = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }).filter((text) => !/\p{Cs}/u.test(text)),
  fc.stringMatching(/^[%~0-9A-Fa-f. _-]{0,12}$/),
  fc.stringMatching(/^(?:con|PRN|Aux|nul|COM[0-9]|lpt¹)(?:\.[a-z]{0,3}|[ .]*)$/),
  fc.constantFrom(
    'e\u0301',
    '\u00e9',
    '\u1100\u1161',
    '가',
    'Å',
    'A\u030a',
    '\u212b',
    '.',
    '..',
    '',
    '%~',
    '%25',
    'a.json',
    'a:b',
    'a\\b',
  ),
);
const segments = segment.filter((text) => !text.includes('/'));

test.each([
  'resume.pdf',
  'Müller & Söhne (2024).docx',
  "a-b_c=d,e;f!g#h$i&j'k(l)m[n]o{p}q^r`s~t",
  '.hidden',
  '...a',
  '日本語.txt',
  '🙀',
  'a.json',
])('an ordinary name is itself: %s', (name) => {
  expect(encodeSegment(name)).toBe(name);
  expect(decodeSegment(name)).toBe(name);
});

test.each([
  ['100%', '100%25'],
  ['%41', '%2541'],
  ['a:b', 'a%3Ab'],
  ['a\\b', 'a%5Cb'],
  ['<>"|?*', '%3C%3E%22%7C%3F%2A'],
  ['dot.', 'dot%2E'],
  ['space ', 'space%20'],
  ['.', '%2E'],
  ['..', '.%2E'],
  ['', '%~'],
  ['%~', '%25~'],
  ['CON', '%43ON'],
  ['nul.txt', '%6Eul.txt'],
  ['com¹', '%63om¹'],
  ['cafe\u0301', 'cafe%CC%81'],
  ['\u00fcA\u030a', '%C3%BCA%CC%8A'],
])('%j is stored as %s', (key, name) => {
  expect(encodeSegment(key)).toBe(name);
  expect(decodeSegment(name)).toBe(key);
});

test.each(['%', '%4', '%4g', '%41', '%e9', '%CC%81', 'a%2fb', 'dot.', 'CON', 'cafe\u0301', '%~x', 'x%~', '%80'])(
  'the name %j is of no key',
  (name) => {
    expect(decodeSegment(name)).toBeUndefined();
  },
);

describe('every segment', () => {
  test('comes back from its name', () => {
    fc.assert(
      fc.property(segments, (text) => {
        expect(decodeSegment(encodeSegment(text))).toBe(text);
      }),
      { numRuns: runs },
    );
  });

  test('has a name of its own, also where Unicode is composed or decomposed', () => {
    fc.assert(
      fc.property(segments, segments, (a, b) => {
        if (a === b) return;
        const [nameA, nameB] = [encodeSegment(a), encodeSegment(b)];
        expect(nameA).not.toBe(nameB);
        expect(nameA.normalize('NFC')).not.toBe(nameB.normalize('NFC'));
        expect(nameA.normalize('NFD')).not.toBe(nameB.normalize('NFD'));
      }),
      { numRuns: runs },
    );
  });

  test('has a name that every file system takes', () => {
    fc.assert(
      fc.property(segments, (text) => {
        const name = encodeSegment(text);
        expect(name).not.toBe('');
        expect(name).not.toMatch(/[<>:"|?*\\/\p{Cc}]/u);
        expect(name).not.toMatch(/[. ]$/);
        expect(isDeviceName(name)).toBe(false);
        expect(name.normalize('NFC')).toBe(name);
        // A percent sign is only ours, and says two digits, or that there is nothing.
        expect(name.replace(/%[0-9A-F]{2}/g, '')).not.toMatch(/%(?!~$)/);
      }),
      { numRuns: runs },
    );
  });
});

test('whatever name decodes is the name of what it decodes to', () => {
  const name = fc.oneof(segments, fc.stringMatching(/^[%~0-9A-Fa-fg.]{1,10}$/));
  fc.assert(
    fc.property(name, (text) => {
      const decoded = decodeSegment(text);
      if (decoded !== undefined) expect(encodeSegment(decoded)).toBe(text);
    }),
    { numRuns: runs },
  );
});
