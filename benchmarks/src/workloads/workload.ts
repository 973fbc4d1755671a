import type { Contender } from '../contenders/contender.ts';

/** What a run did, for its rate. */
export interface Work {
  /** Operations, bytes or files, as the workload counts. */
  readonly amount: number;
}

export interface WorkloadSizes {
  /** How long small operations are repeated; before that for half as long, to warm up. */
  readonly seconds: number;
  /** Deletes need so many files. */
  readonly deletes: number;
  readonly largeBytes: number;
}

/** Where a run of a contender may leave things. */
export interface Place {
  /** The contender's own folder. */
  readonly store: string;
  /** For files that are no part of it. */
  readonly scratch: string;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly unit: 'operations/s' | 'MB/s' | 'files/s';
  /** Whether its memory is worth a column. */
  readonly showsMemory: boolean;
  /** The only contenders it is for. @default all that can do it */
  readonly only?: readonly string[];
  isPossible(contender: Contender): boolean;
  /** Makes what `run` works on, once, in a process of its own. */
  readonly prepare?: ((contender: Contender, place: Place, sizes: WorkloadSizes) => Promise<void>) | undefined;
  /** Makes what one run uses up, and warms up; in the process of the run, before the clock starts. */
  warmUp?(contender: Contender, place: Place, sizes: WorkloadSizes): Promise<void>;
  /** What the clock measures. Throws when the contender did not do what was asked. */
  run(contender: Contender, place: Place, sizes: WorkloadSizes): Promise<Work>;
}
