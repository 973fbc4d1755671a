import { describe, expect, it } from 'vitest';
import type { Checked, Field } from '../../src/config/field.ts';
import { count, duration, flag, instance, oneOf, text, timer, url } from '../../src/config/fields.ts';
import { dictionary, either, group, list, optional, withDefault } from '../../src/config/structures.ts';

function faultsOf<T>(result: Checked<T>): string[] {
  return 'faults' in result ? result.faults.map(({ path, message }) => `${path} ${message}`.trim()) : [];
}

function accepts<T>(field: Field<T>, ...values: unknown[]): void {
  for (const value of values) expect(field.check(value)).toEqual({ value });
}

function refuses<T>(field: Field<T>, ...values: unknown[]): void {
  for (const value of values) expect(faultsOf(field.check(value)), String(value)).toHaveLength(1);
}

describe('single fields', () => {
  it('text', () => {
    accepts(text(), 'a', ' ', 'ü');
    refuses(text(), '', 7, null, undefined, 'a\nb', {});
    refuses(text({ pattern: /^[a-z]+$/ }), 'A');
    accepts(text({ multiline: true }), 'a\nb', 'a\r\nb');
    refuses(text({ multiline: true }), '', 'a\0b');
    expect(faultsOf(text({ expected: 'a bucket name' }).check('\0'))).toEqual(['must be a bucket name']);
    expect(faultsOf(text().check(undefined))).toEqual(['is missing: a non-empty string']);
  });

  it('flag', () => {
    accepts(flag(), true, false);
    refuses(flag(), 'true', 0, null, undefined);
    expect([flag().fromText('true'), flag().fromText('false'), flag().fromText('yes')]).toEqual([true, false, 'yes']);
  });

  it('count and timer', () => {
    accepts(count(), 0, 7);
    refuses(count(), -1, 1.5, '7', Number.NaN, Infinity, 2 ** 53, null);
    accepts(count({ min: 2, max: 3 }), 2, 3);
    refuses(count({ min: 2, max: 3 }), 1, 4);
    refuses(timer(), 0, 2 ** 31);
    expect([count().fromText('12'), count().fromText('1e3')]).toEqual([12, '1e3']);
  });

  it('duration', () => {
    expect(duration().check('30d')).toEqual({ value: 2_592_000_000 });
    expect(duration().check(0)).toEqual({ value: 0 });
    expect(duration().check(duration().fromText('1500'))).toEqual({ value: 1_500 });
    refuses(duration(), 'soon', -1, null, undefined);
  });

  it('url', () => {
    accepts(url(), 'http://127.0.0.1:9000', 'https://x/y');
    refuses(url(), 'x', 'ftp://x', '//x', 7, '');
    accepts(url({ protocols: ['ftp'] }), 'ftp://x');
    expect(url().print('https://u:pass%2Fword@h/')).toBe('https://[redacted]@h/');
    expect(url().secretsIn('https://u:pass%2Fword@h/')).toEqual(['pass%2Fword', 'pass/word']);
  });

  it('oneOf', () => {
    accepts(oneOf('a', 'b'), 'a', 'b');
    refuses(oneOf('a', 'b'), 'c', 'A', undefined, 1);
    expect(oneOf(false, 5).fromText('false')).toBe(false);
    expect(oneOf(false, 5).fromText('5')).toBe(5);
    expect(faultsOf(oneOf('a', 'b').check('c'))).toEqual(["must be 'a' or 'b'"]);
  });

  it('instance', () => {
    const credential = instance<{ getToken(): string }>('a TokenCredential', (value) => 'getToken' in value);
    const value = { getToken: () => 'x', hidden: 's3cret' };
    expect(credential.check(value)).toEqual({ value });
    refuses(credential, {}, null, 'x', undefined);
    expect(credential.print(value)).toBe('[a TokenCredential]');
  });
});

describe('fields of fields', () => {
  it('optional and withDefault fill in only what is not given', () => {
    expect(optional(text()).check(undefined)).toEqual({ value: undefined });
    expect(withDefault(count(), 5).check(undefined)).toEqual({ value: 5 });
    refuses(optional(text()), null, '');
    refuses(withDefault(count(), 5), null);
  });

  it('group checks every member and names each fault by its path', () => {
    const field = group({ keep: count({ min: 1 }), deep: group({ on: flag() }), rest: optional(text()) });
    expect(field.check({ keep: 1, deep: { on: true } })).toEqual({
      value: { keep: 1, deep: { on: true }, rest: undefined },
    });
    expect(faultsOf(field.check({ keep: 0, deep: { on: 1, of: 2 }, restt: 'x' }))).toEqual([
      '.restt is not an option: did you mean rest?',
      '.keep must be a whole number from 1',
      '.deep.of is not an option: did you mean on?',
      '.deep.on must be true or false',
    ]);
    refuses(field, null, [], 'x');
  });

  it('either takes both, and reports what is inside the one that was meant', () => {
    const field = either(oneOf(false), group({ keep: count({ min: 1 }) }));
    expect(field.check(false)).toEqual({ value: false });
    expect(field.check({ keep: 2 })).toEqual({ value: { keep: 2 } });
    expect(faultsOf(field.check({ keep: 0 }))).toEqual(['.keep must be a whole number from 1']);
    expect(faultsOf(field.check('x'))).toEqual(['must be false, or an object with keep']);
    expect(faultsOf(field.check(undefined))).toEqual(['is missing: false, or an object with keep']);
    expect(field.fromText('false')).toBe(false);
    expect(field.fromText({ keep: '5' })).toEqual({ keep: 5 });
  });

  it('list and dictionary name the member that is wrong', () => {
    expect(list(count()).check([1, 2])).toEqual({ value: [1, 2] });
    expect(faultsOf(list(count()).check([1, 'x']))).toEqual(['[1] must be a whole number from 0']);
    expect(list(count()).fromText('1,2')).toEqual([1, 2]);
    expect(dictionary(text()).check({ a: 'x' })).toEqual({ value: { a: 'x' } });
    expect(faultsOf(dictionary(text()).check({ a: 7 }))).toEqual(['.a must be a non-empty string']);
    refuses(list(count()), {}, 'x', undefined);
    refuses(dictionary(text()), [], 'x', undefined);
  });

  it('print no secret, however deep, and find every one', () => {
    const secret = text({ secret: true });
    const field = group({
      one: optional(secret),
      many: list(secret),
      named: dictionary(secret),
      either: either(oneOf(false), group({ key: secret })),
      open: text(),
    });
    const value = {
      one: 'secret-1',
      many: ['secret-2'],
      named: { a: 'secret-3' },
      either: { key: 'secret-4' },
      open: 'x',
    };
    expect(JSON.stringify(field.print({ ...value, typo: 'secret-5' }))).not.toMatch(/secret-\d/);
    expect(field.print(value)).toMatchObject({ one: '[redacted]', open: 'x' });
    expect(field.secretsIn(value)).toEqual(['secret-1', 'secret-2', 'secret-3', 'secret-4']);
    for (const junk of [null, undefined, 7, 'x', [], [[]]]) {
      expect(field.secretsIn(junk)).toEqual([]);
      field.print(junk);
    }
  });
});
