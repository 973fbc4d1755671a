import type { Service } from '../services/service.ts';
import type { Workload } from '../workloads/workload.ts';

/** One kind of work, done in growing amounts. */
export interface Axis {
  readonly id: string;
  readonly title: string;
  readonly service: Service['id'];
  /** What grows. */
  readonly of: 'bytes' | 'keys' | 'in flight' | 'versions' | 'bytes of metadata';
  /** How the cost of one operation may follow what grows. */
  readonly expects: 'linear' | 'flat';
  readonly contenders: readonly string[];
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly workload: Workload;
}

/** What all have in common: the rate is that of operations, and memory is looked at. */
export const common = { unit: 'operations/s', showsMemory: true, isQuick: false } as const;
