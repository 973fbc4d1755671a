import type { Contender } from '../contenders/contender.ts';

/** What a run did, for its rate. */
export interface Work {
  /** Operations, bytes or files, as the workload counts. */
  readonly amount: number;
}

export interface WorkloadSizes {
  /** How long small operations are repeated. */
  readonly seconds: number;
  /** How long before that: until what they run has been compiled for good. What the first ones cost is a row of its own. */
  readonly warmSeconds: number;
  /** Deletes need so many files, and as many to warm up. */
  readonly deletes: number;
  readonly largeBytes: number;
  /** A body of this size goes the same way before. */
  readonly warmBytes: number;
  /** Files of a tree. */
  readonly treeFiles: number;
}

/** What a run works on. */
export interface Setting {
  /** Begins every key that the run writes; what is prepared is elsewhere. */
  readonly prefix: string;
  /** Folder for files that are no part of the store. */
  readonly scratch: string;
  readonly sizes: WorkloadSizes;
}

export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly unit: 'operations/s' | 'MB/s' | 'files/s' | 'ms';
  /** Whether its memory is worth a column. */
  readonly showsMemory: boolean;
  /** Whether a quick look runs it. */
  readonly isQuick: boolean;
  /** The only contenders it is for. @default all that can do it */
  readonly only?: readonly string[];
  /** The clock starts before the contender's module is loaded. */
  readonly isCold?: true;
  /** Makes what runs read on disk, once, in the folder for files that are no part of the store. */
  makeScratch?(scratch: string, sizes: WorkloadSizes): Promise<unknown>;
  /** Who prepares it, where that is not whom the service says. */
  readonly preparedBy?: string;
  /** No more rounds than these: what takes minutes. */
  readonly maxRounds?: number;
  isPossible(contender: Contender): boolean;
  /** Makes what `run` works on, once, in a process of its own. */
  readonly prepare?: ((contender: Contender, setting: Setting) => Promise<unknown>) | undefined;
  /** Makes what one run uses up, and warms up; in the process of the run, before the clock starts. */
  warmUp?(contender: Contender, setting: Setting): Promise<unknown>;
  /** What the clock measures. */
  run(contender: Contender, setting: Setting): Promise<Work>;
  /** After the clock: throws when the contender did not do what was asked. The witness reads without its help. */
  verify?(contender: Contender, witness: Contender, setting: Setting): Promise<void>;
}
