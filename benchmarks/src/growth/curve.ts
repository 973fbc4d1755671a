import type { Result } from '../results.ts';
import type { Axis } from './axis.ts';

export interface Curve {
  readonly axis: string;
  readonly service: Axis['service'];
  readonly title: string;
  readonly of: Axis['of'];
  readonly expects: Axis['expects'];
  readonly points: readonly { readonly x: number; readonly results: readonly Result[] }[];
  readonly failed: readonly string[];
}

/** Microseconds of the clock per operation, of all that are in flight together. */
export function timeOf({ rate }: Result): number {
  return 1e6 / rate;
}

export function cpuOf({ cpuMicroseconds }: Result): number {
  return cpuMicroseconds;
}

export function memoryOf({ peakAboveIdleMiB }: Result): number {
  return peakAboveIdleMiB;
}

export type Measure = (result: Result) => number;

/** What a contender did at each point where it did something. */
export function lineOf({ points }: Curve, contender: string, measure: Measure): { x: number; y: number }[] {
  return points.flatMap(({ x, results }) => {
    const found = results.find((result) => result.contender === contender);
    return found === undefined ? [] : [{ x, y: measure(found) }];
  });
}

/** How y follows x in the last decade of x: 1 is in proportion, 0 not at all; undefined for fewer than two points. */
export function exponent(line: readonly { readonly x: number; readonly y: number }[]): number | undefined {
  const drawn = line.filter(({ x, y }) => x > 0 && y > 0);
  const last = drawn.at(-1);
  if (last === undefined) return undefined;
  const first =
    drawn.find(({ x }) => x >= last.x / 10.01) === last ? drawn.at(-2) : drawn.find(({ x }) => x >= last.x / 10.01);
  if (first === undefined) return undefined;
  return Math.log(last.y / first.y) / Math.log(last.x / first.x);
}

/** More than this above what is expected is a bend: below it, rounds differ as much. */
const tolerated = 0.15;

export function bends({ expects }: Curve, found: number | undefined): boolean {
  return found !== undefined && found > (expects === 'linear' ? 1 : 0) + tolerated;
}

/** Memory is flat when the last decade adds neither a part worth naming nor many MiB. */
export function memoryBends(line: readonly { readonly x: number; readonly y: number }[]): boolean {
  const found = exponent(line);
  const last = line.at(-1);
  const before = line.at(-2);
  if (found === undefined || last === undefined || before === undefined) return false;
  return found > tolerated && last.y - before.y > 16;
}
