import { describe, expect, it } from 'vitest';
import { checkDuration, parseDuration } from '../src/duration.ts';
import { faultOf } from './fault-of.ts';

describe('a duration', () => {
  it.each([
    ['30d', 2_592_000_000],
    ['1h', 3_600_000],
    ['1.5h', 5_400_000],
    ['15m', 900_000],
    ['90s', 90_000],
    ['250ms', 250],
    ['2w', 1_209_600_000],
    ['10 s', 10_000],
    [0, 0],
    [1_500, 1_500],
  ])('%j is %i ms', (value, ms) => {
    expect(parseDuration(value)).toBe(ms);
  });

  it.each([
    ['30'],
    ['d'],
    ['1y'],
    ['-1h'],
    ['1h30m'],
    [' 1h'],
    ['1H'],
    ['١h'],
    [-1],
    [Number.NaN],
    [Infinity],
    [null],
    [{}],
  ])('%j is none', (value) => {
    expect(parseDuration(value)).toBeUndefined();
    expect(faultOf(() => checkDuration('olderThan', value))).toMatchObject({ code: 'InvalidArgument' });
  });

  it('may be left out', () => {
    expect(checkDuration('olderThan', undefined)).toBeUndefined();
  });
});
