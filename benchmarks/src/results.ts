import { contenderOf } from './contenders/index.ts';
import type { Measurement } from './run-child.ts';
import { median } from './statistics.ts';
import type { Workload } from './workloads/workload.ts';

/** What a contender did in one workload: medians of its rounds. */
export interface Result {
  readonly contender: string;
  /** In the unit of the workload. */
  readonly rate: number;
  /** Rate, as a part of that of the faster of the two asynchronous limits. */
  readonly ofLimit: number;
  /** Microseconds of all threads per operation or file; per MB of a large body. */
  readonly cpuMicroseconds: number;
  readonly peakMiB: number;
  readonly peakAboveIdleMiB: number;
}

export interface Row {
  readonly workload: string;
  readonly title: string;
  readonly unit: Workload['unit'];
  readonly showsMemory: boolean;
  readonly results: readonly Result[];
}

export interface Report {
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cpus: string;
  readonly fileSystem: string;
  /** Processes that wanted a processor meanwhile, those of the benchmark included: the median of the load averages. */
  readonly load: number;
  readonly rounds: number;
  readonly largeMiB: number;
  readonly rows: readonly Row[];
}

/** The limit is what asynchronous calls alone can do: a library that blocked the event loop would not be one. */
const limits = ['limit-promises', 'limit-callbacks'];

export function toRow(workload: Workload, measured: ReadonlyMap<string, readonly Measurement[]>): Row {
  const found = [...measured].map(([contender, runs]) => ({ contender, ...summary(workload, runs) }));
  const limit = Math.max(...found.filter(({ contender }) => limits.includes(contender)).map(({ rate }) => rate));
  return {
    workload: workload.id,
    title: workload.title,
    unit: workload.unit,
    showsMemory: workload.showsMemory,
    results: found.map((result) => ({ ...result, ofLimit: limit > 0 ? result.rate / limit : NaN })),
  };
}

function summary(workload: Workload, runs: readonly Measurement[]): Omit<Result, 'contender' | 'ofLimit'> {
  const scale = workload.unit === 'MB/s' ? 1e6 : 1;
  return {
    rate: median(runs.map(({ amount, seconds }) => amount / scale / seconds)),
    cpuMicroseconds: median(runs.map(({ amount, cpuSeconds }) => (cpuSeconds * 1e6) / (amount / scale))),
    peakMiB: median(runs.map(({ peakMiB }) => peakMiB)),
    peakAboveIdleMiB: median(runs.map(({ peakMiB, idleMiB }) => Math.max(0, peakMiB - idleMiB))),
  };
}

/** The result that a row's ratios are of. */
export function limitOf({ results }: Row): Result | undefined {
  return results.filter(({ contender }) => limits.includes(contender)).toSorted((a, b) => b.rate - a.rate)[0];
}

export function labelOf({ contender }: Pick<Result, 'contender'>): string {
  return contenderOf(contender).label;
}
