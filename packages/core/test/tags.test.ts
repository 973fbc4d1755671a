import { describe, expect, it } from 'vitest';
import { checkTags } from '../src/tags.ts';
import { faultOf } from './fault-of.ts';

describe('tags', () => {
  it('are kept as given', () => {
    const tags = { project: 'alpha', 'Cost Center': 'a+b-c.d/e:f=g_h', empty: '' };
    expect(checkTags(tags)).toStrictEqual(tags);
    expect(Object.keys(checkTags(JSON.parse('{"__proto__":"x"}')))).toEqual(['__proto__']);
  });

  it.each([
    [null],
    [[['a', 'b']]],
    [new Map()],
    [{ '': 'x' }],
    [{ 'aws:x': '1' }],
    [{ 'AWS:x': '1' }],
    [{ ü: '1' }],
    [{ 'a@b': '1' }],
    [{ a: 'ü' }],
    [{ a: 'x'.repeat(257) }],
    [{ ['a'.repeat(129)]: 'x' }],
    [{ a: 7 }],
    [{ a: 'x\n' }],
    [Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`t${String(i)}`, 'x']))],
  ])('are refused: %j', (tags) => {
    expect(faultOf(() => checkTags(tags)).code).toBe('InvalidArgument');
  });
});
