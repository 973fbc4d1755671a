import { describe, expect, it } from 'vitest';
import {
  checkBaseOptions,
  checkDate,
  checkEtag,
  checkFlag,
  checkFunction,
  checkOneOf,
  checkOptionNames,
  checkPositiveInteger,
  checkSize,
  checkText,
  checkVersionId,
} from '../src/check.ts';
import { faultOf } from './fault-of.ts';

function refuses(act: () => unknown, ...words: string[]): void {
  const fault = faultOf(act);
  expect(fault.code).toBe('InvalidArgument');
  for (const word of words) expect(fault.message).toContain(word);
}

describe('checkBaseOptions', () => {
  it('takes no options, a signal of any realm, and a timeout', () => {
    expect(checkBaseOptions(undefined)).toEqual({});
    const options = { signal: AbortSignal.timeout(1_000), timeoutMs: 5_000, other: 1 };
    expect(checkBaseOptions(options)).toBe(options);
    checkBaseOptions({ signal: { aborted: false, addEventListener: () => undefined } });
  });

  it.each([null, 7, 'text', ['a']])('refuses %j in place of options', (options) => {
    refuses(() => checkBaseOptions(options));
  });

  it.each([{}, 'x', null, new AbortController()])('refuses a signal that is none', (signal) => {
    refuses(() => checkBaseOptions({ signal }), 'signal');
  });

  it.each([0, -1, Number.NaN, Infinity, '5', 2 ** 31])('refuses the timeout %s', (timeoutMs) => {
    refuses(() => checkBaseOptions({ timeoutMs }), 'timeoutMs');
  });
});

describe('checkOptionNames', () => {
  it('takes the names given, signal and timeoutMs', () => {
    checkOptionNames({ limit: 1, signal: 1, timeoutMs: 1 }, ['limit']);
    checkOptionNames({}, []);
  });

  it.each([
    ['contenttype', 'contentType'],
    ['content_type', 'contentType'],
    ['metdata', 'metadata'],
    ['metaadta', 'metadata'],
    ['timeout', 'timeoutMs'],
    ['signall', 'signal'],
  ])('asks for %s whether %s was meant', (slip, meant) => {
    refuses(() => checkOptionNames({ [slip]: 1 }, ['contentType', 'metadata']), slip, `did you mean ${meant}?`);
  });

  it('lists the names when none is near', () => {
    refuses(() => checkOptionNames({ banana: 1 }, ['limit']), 'banana', 'limit, signal, timeoutMs');
  });
});

describe('single values', () => {
  it('are what they should be, and may be left out', () => {
    expect(checkPositiveInteger('limit', 1)).toBe(1);
    expect(checkPositiveInteger('limit', undefined)).toBeUndefined();
    expect(checkSize('size', 0)).toBe(0);
    expect(checkFlag('ifAbsent', undefined)).toBe(false);
    expect(checkFlag('ifAbsent', true)).toBe(true);
    expect(checkText('startAfter', '')).toBe('');
    expect(checkOneOf('integrity', 'none', ['default', 'none'])).toBe('none');
    expect(checkOneOf('integrity', undefined, ['default', 'none'])).toBeUndefined();
    expect(checkFunction('onProgress', refuses)).toBe(refuses);
    expect(checkEtag('ifMatch', 'W/"x"')).toBe('W/"x"');
    expect(checkVersionId('null')).toBe('null');
    expect(checkDate('ifModifiedSince', new Date(0))).toEqual(new Date(0));
  });

  it.each([
    ['0 as a limit', () => checkPositiveInteger('x', 0)],
    ['a fraction', () => checkPositiveInteger('x', 1.5)],
    ['a number as text', () => checkPositiveInteger('x', '5')],
    ['NaN', () => checkSize('x', Number.NaN)],
    ['a negative size', () => checkSize('x', -1)],
    ['a size beyond 2^53', () => checkSize('x', 2 ** 53)],
    ['null as a flag', () => checkFlag('x', null)],
    ['a text as a flag', () => checkFlag('x', 'true')],
    ['a number as text', () => checkText('x', 7)],
    ['another word', () => checkOneOf('x', 'Default', ['default', 'none'])],
    ['an object as a function', () => checkFunction('x', {} as never)],
    ['an empty etag', () => checkEtag('x', '')],
    ['an etag that would be two headers', () => checkEtag('x', '"a"\r\nX-Evil: 1')],
    ['a version of spaces', () => checkVersionId('a b')],
    ['an invalid date', () => checkDate('x', new Date('never'))],
    ['a date as text', () => checkDate('x', '2026-01-01')],
  ])('refuse %s', (_what, act) => {
    refuses(act);
  });

  it('never show a long value or the inside of an object', () => {
    expect(faultOf(() => checkPositiveInteger('limit', 's3cret'.repeat(20))).message).not.toContain('s3cret');
    expect(faultOf(() => checkPositiveInteger('limit', { secret: 's3cret' })).message).not.toContain('s3cret');
  });
});
