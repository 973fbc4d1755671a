import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUtf8, compareUtf16 } from '../../src/driver-kit/compare-keys.ts';

const key = fc.string({ unit: 'binary', maxLength: 8 });

test('utf8 order is the order of the encoded bytes', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2000 },
  );
});

test('the two orders disagree where a surrogate pair meets U+FF5E', () => {
  expect(compareUtf8('\u{1f640}', '\uff5e')).toBeGreaterThan(0);
  expect(compareUtf16('\u{1f640}', '\uff5e')).toBeLessThan(0);
});

test('a key sorts before what it is a prefix of, and equals itself', () => {
  for (const compare of [compareUtf8, compareUtf16]) {
    expect(compare('a', 'a/b')).toBeLessThan(0);
    expect(compare('a/b', 'a')).toBeGreaterThan(0);
    expect(compare('a', 'a')).toBe(0);
  }
});
