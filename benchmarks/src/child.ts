import { contenderOf } from './contenders/index.ts';
import { forgetPeak, peakMiB, residentMiB } from './memory.ts';
import type { Job, Measurement } from './run-child.ts';
import { workloadOf } from './workloads/index.ts';

// One contender, one workload, one process: nobody has another's heap, compiled code or threads.
const job = JSON.parse(process.argv[2] ?? '') as Job;
const workload = workloadOf(job.workload);
const contender = await contenderOf(job.contender).open(job.place.store);

const answer: Measurement | 'impossible' | 'prepared' = await work();
await contender.close?.();
process.send?.(answer);
process.disconnect();

async function work(): Promise<Measurement | 'impossible' | 'prepared'> {
  if (!workload.isPossible(contender)) return 'impossible';
  if (job.prepare) {
    await workload.prepare?.(contender, job.place, job.sizes);
    return 'prepared';
  }
  await workload.warmUp?.(contender, job.place, job.sizes);
  globalThis.gc?.();
  const idleMiB = residentMiB();
  forgetPeak();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const { amount } = await workload.run(contender, job.place, job.sizes);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { amount, seconds, cpuSeconds: (user + system) / 1e6, idleMiB, peakMiB: peakMiB() };
}
