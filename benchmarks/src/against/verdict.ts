import type { Measurement } from '../run-child.ts';
import { median } from '../statistics.ts';

/** This tree to the other, round by round. */
export interface Ratio {
  readonly median: number;
  /** The median is in here with 95 % (fewer than 6 rounds: a little less), whatever the noise looks like. */
  readonly low: number;
  readonly high: number;
}

export interface Verdict {
  /** Above 1: this tree is faster. */
  readonly speed: Ratio;
  /** Above 1: this tree takes more CPU. */
  readonly cpu: Ratio;
  readonly isWorse: boolean;
}

/** One round: both did the same, one after the other. */
export interface Pair {
  readonly mine: Measurement;
  readonly theirs: Measurement;
}

/** @param bound the part by which a row may be worse: it fails when all of its spread is beyond */
export function judge(pairs: readonly Pair[], bound: number): Verdict {
  const speed = ratioOf(pairs, ({ amount, seconds }) => amount / seconds);
  const cpu = ratioOf(pairs, ({ amount, cpuSeconds }) => cpuSeconds / amount);
  return { speed, cpu, isWorse: speed.high < 1 - bound || cpu.low > 1 + bound };
}

function ratioOf(pairs: readonly Pair[], of: (measurement: Measurement) => number): Ratio {
  const ratios = pairs.map(({ mine, theirs }) => of(mine) / of(theirs)).sort((a, b) => a - b);
  const cut = outside(ratios.length);
  return { median: median(ratios), low: ratios[cut] ?? NaN, high: ratios[ratios.length - 1 - cut] ?? NaN };
}

/** How many of the sorted values, at each end, are outside of the interval that holds the median: the sign test. */
function outside(count: number): number {
  let cut = 0;
  let ways = 1;
  let below = 1;
  // 2 × the chance that so few of `count` throws of a coin are heads.
  while ((2 * (below + (ways * (count - cut)) / (cut + 1))) / 2 ** count <= 0.05) {
    ways = (ways * (count - cut)) / (cut + 1);
    below += ways;
    cut += 1;
  }
  return cut;
}
