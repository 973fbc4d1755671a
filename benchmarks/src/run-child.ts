import { fork } from 'node:child_process';
import type { Place, WorkloadSizes } from './workloads/workload.ts';

/** What a child process is asked to do. */
export interface Job {
  readonly workload: string;
  readonly contender: string;
  readonly place: Place;
  readonly sizes: WorkloadSizes;
  /** Whether to make what is worked on, instead of the work. */
  readonly prepare: boolean;
}

/** One run. */
export interface Measurement {
  /** Operations, bytes or files. */
  readonly amount: number;
  readonly seconds: number;
  /** Of all threads, user and system. */
  readonly cpuSeconds: number;
  /** Before the run, and the most during it. */
  readonly idleMiB: number;
  readonly peakMiB: number;
}

const childPath = new URL('child.ts', import.meta.url).pathname;

/** Does a job in a process of its own. `'impossible'`: the contender has no way to do it. */
export function runChild(job: Job): Promise<Measurement | 'impossible' | 'prepared'> {
  return new Promise((resolve, reject) => {
    const child = fork(childPath, [JSON.stringify(job)], { execArgv: ['--expose-gc'] });
    let answer: Measurement | 'impossible' | 'prepared' | undefined;
    child.on('message', (message) => {
      answer = message as typeof answer;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0 && answer !== undefined) resolve(answer);
      else reject(new Error(`${job.contender} failed at ${job.workload} (${signal ?? `exit code ${code}`})`));
    });
  });
}
