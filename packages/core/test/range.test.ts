import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRange, isEmptyRange } from '../src/range.ts';
import { faultOf } from './fault-of.ts';

describe('checkRange', () => {
  it.each([
    [{ start: 0 }, { start: 0 }],
    [
      { start: 5, end: 9 },
      { start: 5, end: 9 },
    ],
    [
      { start: 5, length: 4 },
      { start: 5, end: 9 },
    ],
    [
      { start: 5, length: 0 },
      { start: 5, end: 5 },
    ],
    [{ start: 5, end: undefined, length: undefined }, { start: 5 }],
    [{ suffix: 7 }, { suffix: 7 }],
    [
      { start: 2 ** 33, length: 2 },
      { start: 2 ** 33, end: 2 ** 33 + 2 },
    ],
    [{ start: 9, length: Number.MAX_SAFE_INTEGER }, { start: 9 }],
  ])('%j is %j', (range, checked) => {
    expect(checkRange(range)).toStrictEqual(checked);
  });

  it.each([
    [null],
    ['bytes=0-5'],
    [7],
    [[0, 5]],
    [{}],
    [{ end: 5 }],
    [{ length: 5 }],
    [{ start: -1 }],
    [{ start: Number.NaN }],
    [{ start: 1.5 }],
    [{ start: '0' }],
    [{ start: Infinity }],
    [{ start: 2 ** 53 }],
    [{ start: 0, end: Infinity }],
    [{ start: 0, length: -1 }],
    [{ start: 0, end: 5, length: 5 }],
    [{ start: 6, end: 5 }],
    [{ suffix: -1 }],
    [{ suffix: 0.5 }],
    [{ suffix: 5, start: 0 }],
    [{ suffix: 5, end: 9 }],
    [{ start: 0, offset: 3 }],
    [{ start: null }],
  ])('refuses %j', (range) => {
    expect(faultOf(() => checkRange(range)).code).toBe('InvalidArgument');
  });

  it('selects what slice selects', () => {
    const range = fc.record({ start: fc.nat(40), length: fc.nat(40) });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), range, (bytes, given) => {
        const checked = checkRange(given) as { start: number; end: number };
        expect(bytes.slice(checked.start, checked.end)).toEqual(bytes.slice(given.start, given.start + given.length));
        expect(isEmptyRange(checked)).toBe(given.length === 0);
      }),
    );
  });
});

it('isEmptyRange knows the ranges that no service answers alike', () => {
  expect(isEmptyRange({ suffix: 0 })).toBe(true);
  expect(isEmptyRange({ start: 3, end: 3 })).toBe(true);
  expect(isEmptyRange({ suffix: 1 })).toBe(false);
  expect(isEmptyRange({ start: 0 })).toBe(false);
});
