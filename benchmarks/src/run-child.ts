import { fork } from 'node:child_process';
import type { Store } from './services/store.ts';
import type { Setting } from './workloads/workload.ts';

/** What a child process is asked to do. */
export interface Job {
  readonly service: string;
  readonly workload: string;
  readonly contender: string;
  readonly store: Store;
  readonly setting: Setting;
  /** Process of the server, whose CPU is read as well. */
  readonly serverPid: number | undefined;
  /** Whether to make what is worked on, instead of the work. */
  readonly prepare: boolean;
  /** Where the profile of what the clock measures goes. */
  readonly profile?: string | undefined;
}

/** One run. */
export interface Measurement {
  /** Operations, bytes or files. */
  readonly amount: number;
  readonly seconds: number;
  /** Of all threads, user and system. */
  readonly cpuSeconds: number;
  readonly serverCpuSeconds?: number | undefined;
  /** Before the run, and the most during it. */
  readonly idleMiB: number;
  readonly peakMiB: number;
}

export type Answer = Measurement | 'impossible' | 'prepared' | { readonly failed: string };

/** Who hangs is out of the row, and the others go on: a million keys take a third of it to make. */
const longestMs = 30 * 60_000;

const childPath = new URL('child.ts', import.meta.url).pathname;

/** Does a job in a process of its own, by the benchmark of this tree or of another. `'impossible'`: the contender has no way to do it; rejects when it failed. */
export function runChild(job: Job, path = childPath): Promise<Exclude<Answer, { failed: string }>> {
  return new Promise((resolve, reject) => {
    const child = fork(path, [JSON.stringify(job)], { execArgv: ['--expose-gc'], timeout: longestMs });
    let answer: Answer | undefined;
    child.on('message', (message) => {
      answer = message as typeof answer;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (typeof answer === 'object' && 'failed' in answer) reject(new Error(answer.failed));
      else if (code === 0 && answer !== undefined) resolve(answer);
      else reject(new Error(`${job.contender} failed at ${job.workload} (${signal ?? `exit code ${code}`})`));
    });
  });
}
