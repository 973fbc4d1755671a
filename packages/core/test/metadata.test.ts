import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMetadata, mergeMetadata, metadataBytes } from '../src/metadata.ts';
import { faultOf } from './fault-of.ts';

const roomy = { maxMetadataBytes: 2_000 };

describe('checkMetadata', () => {
  it('keeps names and values exactly as given', () => {
    const metadata = { jobId: '456', Title: ' für 日本 ', 'x-y': '', _z: '=?UTF-8?B?w7w=?=', q: '"%=" ' };
    expect(checkMetadata(metadata, roomy)).toStrictEqual(metadata);
    expect(checkMetadata({}, roomy)).toStrictEqual({});
  });

  it('takes the names of Object.prototype as data', () => {
    const metadata = JSON.parse('{"__proto__":"p","constructor":"c","toString":"t"}') as Record<string, string>;
    const checked = checkMetadata(metadata, roomy);
    expect(Object.entries(checked)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['toString', 't'],
    ]);
    expect(Object.getPrototypeOf(checked)).toBe(Object.prototype);
  });

  it.each(['', '1a', 'a b', 'a.b', 'ä', 'a:b', '-a', 'a\n', 'a='])('refuses the name %j', (name) => {
    expect(faultOf(() => checkMetadata({ [name]: 'x' }, roomy)).code).toBe('InvalidArgument');
  });

  it.each([
    ['jobId', 'jobid'],
    ['a-b', 'a_b'],
    ['A-b', 'a_B'],
  ])('refuses %s beside %s, which some services take for one', (a, b) => {
    const fault = faultOf(() => checkMetadata({ [a]: '1', [b]: '2' }, roomy));
    expect(fault.code).toBe('InvalidArgument');
    expect(fault.message).toContain(a);
    expect(fault.message).toContain(b);
  });

  it.each(['storage-token', 'storage_token', 'Storage-Names'])('refuses the reserved name %s', (name) => {
    expect(faultOf(() => checkMetadata({ [name]: 'x' }, roomy)).message).toContain('reserved');
  });

  it.each([[7], [true], [null], [undefined], [{}], ['a\nb'], ['a\0'], ['\x7f'], ['\u0085'], ['\uD800']])(
    'refuses the value %j',
    (value) => {
      const fault = faultOf(() => checkMetadata({ title: value }, roomy));
      expect(fault.code).toBe('InvalidArgument');
      expect(fault.message).toContain('title');
    },
  );

  it.each([[null], ['text'], [['a']], [new Map([['a', 'b']])], [new Headers({ a: 'b' })], [7]])(
    'refuses %j in place of an object',
    (metadata) => {
      expect(faultOf(() => checkMetadata(metadata, roomy)).code).toBe('InvalidArgument');
    },
  );

  it('takes exactly as many bytes as the service has room for', () => {
    const fits = { a: 'x'.repeat(2_000 - 1 - 11) };
    expect(metadataBytes(fits)).toBe(2_000);
    expect(checkMetadata(fits, roomy)).toEqual(fits);
    const fault = faultOf(() => checkMetadata({ a: `${fits.a}x` }, roomy));
    expect(fault.message).toContain('2001');
    expect(fault.code).toBe('InvalidArgument');
  });

  it('counts what is stored: encoded values and hidden entries', () => {
    expect(metadataBytes({ title: 'ü' })).toBe(5 + '=?UTF-8?B?w7w=?='.length + 11);
    expect(metadataBytes({ jobId: '4' })).toBe(5 + 1 + 11 + 'storage_names'.length + 'jobId'.length + 11);
  });

  it('draws the line at the same byte for every metadata', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9]{0,20}$/);
    const value = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !/\p{Cc}/u.test(text));
    // Twins are another refusal.
    const metadata = fc.uniqueArray(fc.tuple(name, value), { selector: ([own]) => own.toLowerCase(), maxLength: 5 });
    fc.assert(
      fc.property(metadata.map(Object.fromEntries<string>), (given) => {
        const bytes = metadataBytes(given);
        expect(checkMetadata(given, { maxMetadataBytes: bytes })).toEqual(given);
        if (bytes > 0) expect(() => checkMetadata(given, { maxMetadataBytes: bytes - 1 })).toThrow(String(bytes));
      }),
    );
  });
});

describe('mergeMetadata', () => {
  it('sets, keeps and removes', () => {
    expect(mergeMetadata({ a: '1', b: '2', c: '3' }, { b: null, c: 'new', d: '4' }, false)).toStrictEqual({
      a: '1',
      c: 'new',
      d: '4',
    });
  });

  it('starts from nothing with replace', () => {
    expect(mergeMetadata({ a: '1' }, { b: '2', c: null }, true)).toStrictEqual({ b: '2' });
  });

  it('takes another spelling for the same name', () => {
    expect(mergeMetadata({ jobId: '1', 'x-y': '2' }, { jobid: '3', x_y: null }, false)).toStrictEqual({ jobid: '3' });
  });

  it('treats __proto__ as a name like others', () => {
    const patch = JSON.parse('{"__proto__":"p"}') as Record<string, string>;
    const merged = mergeMetadata({ a: '1' }, patch, false);
    expect(Object.keys(merged)).toEqual(['a', '__proto__']);
    expect(Object.keys(mergeMetadata(merged, JSON.parse('{"__proto__":null}'), false))).toEqual(['a']);
  });

  it('keeps what another tool wrote, and checks what is new', () => {
    expect(mergeMetadata({ 'foreign.name': '=?x?=' }, { a: '1' }, false)).toStrictEqual({
      'foreign.name': '=?x?=',
      a: '1',
    });
    expect(faultOf(() => mergeMetadata({}, { 'b c': '1' }, false)).code).toBe('InvalidArgument');
    expect(faultOf(() => mergeMetadata({}, { b: 1 }, false)).code).toBe('InvalidArgument');
    expect(faultOf(() => mergeMetadata({}, { a: '1', A: null }, false)).code).toBe('InvalidArgument');
    expect(faultOf(() => mergeMetadata({}, null, false)).code).toBe('InvalidArgument');
  });

  it('is what an object with folded names would be, for any patches', () => {
    const name = fc.constantFrom('a', 'A', 'b-c', 'b_c', '__proto__', 'constructor');
    const patch = fc.dictionary(name, fc.option(fc.string({ unit: 'grapheme-ascii' })), { noNullPrototype: true });
    const fold = (text: string): string => text.toLowerCase().replaceAll('-', '_');
    fc.assert(
      fc.property(fc.array(patch, { maxLength: 6 }), (patches) => {
        const model = new Map<string, string>();
        let merged: Record<string, string> = {};
        for (const each of patches) {
          if (new Set(Object.keys(each).map(fold)).size !== Object.keys(each).length) continue;
          merged = mergeMetadata(merged, each, false);
          for (const [key, value] of Object.entries(each)) {
            if (value === null) model.delete(fold(key));
            else model.set(fold(key), value);
          }
        }
        expect(new Map(Object.entries(merged).map(([key, value]) => [fold(key), value]))).toEqual(model);
      }),
    );
  });
});
