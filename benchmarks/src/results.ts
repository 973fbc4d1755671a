import type { Measurement } from './run-child.ts';
import type { Service } from './services/service.ts';
import { median, spread } from './statistics.ts';
import type { Workload } from './workloads/workload.ts';

/** What a contender did in one workload: medians of its rounds. */
export interface Result {
  readonly contender: string;
  /** In the unit of the workload. */
  readonly rate: number;
  /** How far rounds lie from the median, as a part of it: half of all within it. */
  readonly spread: number;
  /** Speed, as a part of that of the fastest limit. */
  readonly ofLimit: number;
  /** Microseconds of all threads per operation or file; per MB of a large body. */
  readonly cpuMicroseconds: number;
  /** The same of the server. */
  readonly serverCpuMicroseconds?: number | undefined;
  readonly peakMiB: number;
  readonly peakAboveIdleMiB: number;
}

export interface Row {
  readonly workload: string;
  readonly title: string;
  readonly unit: Workload['unit'];
  readonly showsMemory: boolean;
  readonly rounds: number;
  /** Processes that wanted a processor meanwhile, those of the benchmark included: a load average. */
  readonly load: number;
  readonly results: readonly Result[];
  /** Contenders that failed or did something else than was asked, and how. */
  readonly failed: readonly { readonly contender: string; readonly reason: string }[];
}

export interface Report {
  readonly service: Service['id'];
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cpus: string;
  readonly described: string;
  readonly largeMiB: number;
  readonly rows: readonly Row[];
}

export function toResults(
  service: Service,
  workload: Workload,
  measured: ReadonlyMap<string, readonly Measurement[]>,
): Result[] {
  const found = [...measured].map(([contender, runs]) => ({ contender, ...summary(workload, runs) }));
  const speed = ({ rate }: { rate: number }): number => (workload.unit === 'ms' ? 1 / rate : rate);
  const limit = Math.max(...found.filter(({ contender }) => service.limits.includes(contender)).map(speed));
  return found.map((result) => ({ ...result, ofLimit: limit > 0 ? speed(result) / limit : NaN }));
}

function summary(workload: Workload, runs: readonly Measurement[]): Omit<Result, 'contender' | 'ofLimit'> {
  const scale = workload.unit === 'MB/s' ? 1e6 : 1;
  const rates = runs.map(({ amount, seconds }) => (workload.unit === 'ms' ? seconds * 1000 : amount / scale / seconds));
  const server = runs.flatMap(({ serverCpuSeconds, amount }) =>
    serverCpuSeconds === undefined ? [] : [(serverCpuSeconds * 1e6) / (amount / scale)],
  );
  return {
    rate: median(rates),
    spread: spread(rates),
    cpuMicroseconds: median(runs.map(({ amount, cpuSeconds }) => (cpuSeconds * 1e6) / (amount / scale))),
    ...(server.length > 0 && workload.unit !== 'ms' && { serverCpuMicroseconds: median(server) }),
    peakMiB: median(runs.map(({ peakMiB }) => peakMiB)),
    peakAboveIdleMiB: median(runs.map(({ peakMiB, idleMiB }) => Math.max(0, peakMiB - idleMiB))),
  };
}
