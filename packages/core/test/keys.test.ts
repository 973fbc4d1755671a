import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkKey, checkPrefix } from '../src/keys.ts';
import { faultOf } from './fault-of.ts';

const anyGrammar = { keyGrammar: 'any', maxKeyBytes: 1024 } as const;
const portable = { keyGrammar: 'portable', maxKeyBytes: 1024 } as const;

describe('every key', () => {
  it.each([undefined, null, 7, {}, ['a'], Symbol('key')])('is a string, not %s', (key) => {
    expect(faultOf(() => checkKey(key, 'read', anyGrammar)).code).toBe('InvalidArgument');
  });

  it.each([
    ['empty', ''],
    ['a lone high surrogate', 'a\uD800'],
    ['a lone low surrogate', 'a\uDC00b'],
    ['NUL', 'a\0b'],
    ['U+FFFE', 'a\uFFFE'],
    ['U+FFFF', '\uFFFFa'],
    ['1025 bytes', 'a'.repeat(1025)],
    ['342 characters of three bytes', '日'.repeat(342)],
  ])('is refused for every use: %s', (_what, key) => {
    for (const use of ['read', 'write'] as const) {
      expect(faultOf(() => checkKey(key, use, anyGrammar, true)).code).toBe('InvalidKey');
    }
  });

  it.each(Array.from({ length: 0xa0 }, (_, code) => code).filter((code) => code < 0x20 || code >= 0x7f))(
    'has no control character U+%i',
    (code) => {
      const { code: errorCode, message } = faultOf(() => checkKey(`a${String.fromCharCode(code)}`, 'read', anyGrammar));
      expect(errorCode).toBe('InvalidKey');
      expect(message).not.toContain(String.fromCharCode(code));
      expect(message).toContain('index 1');
    },
  );

  it('may be 1024 bytes long, and as long as the service says', () => {
    expect(checkKey('日'.repeat(341), 'read', anyGrammar)).toHaveLength(341);
    expect(
      checkKey(`${'a'.repeat(255)}/${'b'.repeat(255)}/${'c'.repeat(255)}/${'d'.repeat(255)}`, 'write', portable),
    ).toHaveLength(1023);
    expect(faultOf(() => checkKey('abcdef', 'read', { keyGrammar: 'any', maxKeyBytes: 5 })).message).toContain(
      'limit is 5',
    );
  });
});

const unportable: [string, string][] = [
  ['an empty segment', 'foo//bar'],
  ['a leading slash', '/foo'],
  ['a trailing slash', 'foo/'],
  ['only a slash', '/'],
  ['a dot segment', 'a/./b'],
  ['a leading dot segment', './b'],
  ['a parent segment', 'a/../b'],
  ['a leading parent segment', '../b'],
  ['a trailing parent segment', 'b/..'],
  ['a single dot', '.'],
  ['two dots', '..'],
  ['a backslash', 'a\\b'],
  ['a parent with backslashes', '..\\foo\\..'],
  ['a segment of 256 bytes', `a/${'b'.repeat(256)}`],
  ['a segment of 86 characters of three bytes', '日'.repeat(86)],
];

describe('a key that is written', () => {
  it.each(unportable)('is portable: no %s', (_what, key) => {
    expect(faultOf(() => checkKey(key, 'write', anyGrammar)).code).toBe('InvalidKey');
    expect(faultOf(() => checkKey(key, 'write', portable)).code).toBe('InvalidKey');
  });

  it.each(unportable)("may have %s with keys: 'any' where the service holds it", (_what, key) => {
    expect(checkKey(key, 'write', anyGrammar, true)).toBe(key);
    expect(checkKey(key, 'read', anyGrammar)).toBe(key);
  });

  it('names the option that allows it, only where the service does', () => {
    expect(faultOf(() => checkKey('a//b', 'write', anyGrammar)).hint).toContain("keys: 'any'");
    expect(faultOf(() => checkKey('a//b', 'write', portable)).hint).not.toContain("keys: 'any'");
  });

  it.each([
    'users/123/resume.pdf',
    'foo../bar',
    '...',
    'a/.../b',
    '.hidden',
    'a/.b./c..',
    ' x ',
    '%2e%2e/x',
    '%48',
    '+#?&[]{}*()^$',
    'a:b',
    'CON',
    'C:',
    '~x',
    '🙀',
    'cafe\u0301',
    'b'.repeat(255),
    '日'.repeat(85),
  ])('may be %j, and stays as it is', (key) => {
    expect(checkKey(key, 'write', portable)).toBe(key);
  });
});

describe('a key that is read from a service that holds portable keys only', () => {
  it.each(['/lead', 'a//b', './a', 'a/..', 'b'.repeat(256)])('is not %j, which would be another key there', (key) => {
    expect(faultOf(() => checkKey(key, 'read', portable)).code).toBe('InvalidKey');
  });

  it.each(['folder/', 'back\\slash'])('may be %j, which other tools write and listings return', (key) => {
    expect(checkKey(key, 'read', portable)).toBe(key);
  });
});

describe('a prefix', () => {
  it.each(['', '/', 'a/', 'a//', '..', 'fo', 'a\\'])('may be %j', (prefix) => {
    expect(checkPrefix(prefix)).toBe(prefix);
  });

  it('has the characters of keys, and no more of them than a key', () => {
    expect(faultOf(() => checkPrefix('a\n')).code).toBe('InvalidKey');
    expect(faultOf(() => checkPrefix('\uD83D')).code).toBe('InvalidKey');
    expect(faultOf(() => checkPrefix('a'.repeat(1025))).code).toBe('InvalidKey');
    expect(faultOf(() => checkPrefix(null, 'startAfter'))).toMatchObject({
      code: 'InvalidArgument',
      message: 'the startAfter must be a string, not null',
    });
  });
});

describe('for any string', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('/', '.', '\\', 'a', '日', '🙀', '\uD800', '\0'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 30,
  });

  it('the portable grammar is exactly what the contract says', () => {
    const isPortable = (key: string): boolean =>
      key !== '' &&
      Buffer.from(key).toString() === key &&
      !/[\p{Cc}\uFFFE\uFFFF\\]/u.test(key) &&
      key.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
    fc.assert(
      fc.property(text, (key) => {
        if (isPortable(key)) expect(checkKey(key, 'write', portable)).toBe(key);
        else expect(faultOf(() => checkKey(key, 'write', portable)).code).toBe('InvalidKey');
      }),
      { numRuns: 2_000 },
    );
  });

  it('what may be written may be read, and a message never carries a raw control character', () => {
    fc.assert(
      fc.property(text, fc.constantFrom(anyGrammar, portable), (key, capabilities) => {
        try {
          checkKey(key, 'write', capabilities);
        } catch (error) {
          expect((error as Error).message).not.toMatch(/\p{Cc}|\p{Cs}/u);
          return;
        }
        expect(checkKey(key, 'read', capabilities)).toBe(key);
      }),
      { numRuns: 2_000 },
    );
  });
});
