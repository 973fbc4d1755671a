import type { Contender } from './contenders/contender.ts';
import { contenderOf } from './contenders/find.ts';
import { forgetPeak, peakMiB, residentMiB } from './memory.ts';
import { cpuSecondsOf, cpuSecondsOfPrograms } from './other-cpu.ts';
import { startProfile } from './profile/record.ts';
import type { Answer, Job, Measurement } from './run-child.ts';
import { serviceOf } from './services/index.ts';
import { workloadOf } from './workloads/index.ts';

// One contender, one workload, one process: nobody has another's heap, compiled code or threads.
const job = JSON.parse(process.argv[2] ?? '') as Job;
const workload = workloadOf(job.workload);
const service = serviceOf(job.service);
const open = (id: string): Promise<Contender> => contenderOf(service, id).open(job.store);

const answer = await (workload.isCold === true ? cold() : warm()).catch((error: unknown) => ({
  failed: String(error),
}));
process.send?.(answer, () => {
  process.disconnect();
  // Whoever failed may have left a connection open.
  if (typeof answer === 'object' && 'failed' in answer) process.exit();
});

async function warm(): Promise<Answer> {
  const contender = await open(job.contender);
  const answer = await work(contender);
  await contender.close?.();
  return answer;
}

async function work(contender: Contender): Promise<Answer> {
  if (!workload.isPossible(contender)) return 'impossible';
  if (job.prepare) {
    await workload.prepare?.(contender, job.setting);
    return 'prepared';
  }
  await workload.warmUp?.(contender, job.setting);
  globalThis.gc?.();
  const measurement = await clocked(async () => contender);
  await verify(contender);
  return measurement;
}

async function cold(): Promise<Answer> {
  if (job.prepare) return 'prepared';
  let contender: Contender | undefined;
  const measurement = await clocked(async () => {
    contender = await open(job.contender);
    return contender;
  });
  if (contender !== undefined) await verify(contender);
  await contender?.close?.();
  return measurement;
}

async function clocked(opened: () => Promise<Contender>): Promise<Measurement> {
  const idleMiB = residentMiB();
  forgetPeak();
  const profiled = job.profile === undefined ? undefined : await startProfile(job.profile);
  const serverBefore = cpuSecondsOf(job.serverPid);
  const cpu = process.cpuUsage();
  const programsBefore = cpuSecondsOfPrograms();
  const startedAt = performance.now();
  const contender = await opened();
  const { amount } = await workload.run(contender, job.setting);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const programs = cpuSecondsOfPrograms() - programsBefore;
  const serverAfter = cpuSecondsOf(job.serverPid);
  const serverCpuSeconds =
    serverBefore === undefined || serverAfter === undefined ? undefined : serverAfter - serverBefore;
  await profiled?.();
  const memory =
    contender.programPeakMiB === undefined
      ? { idleMiB, peakMiB: peakMiB() }
      : { idleMiB: 0, peakMiB: contender.programPeakMiB() };
  return { amount, seconds, cpuSeconds: (user + system) / 1e6 + programs, serverCpuSeconds, ...memory };
}

async function verify(contender: Contender): Promise<void> {
  if (workload.verify === undefined) return;
  const witness = service.witness === undefined ? contender : await open(service.witness);
  await workload.verify(contender, witness, job.setting);
  if (witness !== contender) await witness.close?.();
}
