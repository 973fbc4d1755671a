import { benchAgainst } from './against/bench-against.ts';
import { describeMachine } from './environment.ts';
import { measure } from './measure.ts';
import { type Options, type Plan, readOptions } from './options.ts';
import { writeProfiles } from './profile/write.ts';
import { createProgressBar, type ProgressBar } from './report/progress-bar.ts';
import { terminalTable } from './report/terminal.ts';
import { keepRows } from './report/write.ts';
import type { Row } from './results.ts';

const args = process.argv.slice(2);
if (args.includes('growth')) {
  await import('./growth/main.ts');
} else {
  const options = readOptions(args);
  if (options?.against !== undefined) await benchAgainst(options, options.against);
  else if (options !== undefined) await bench(options);
}

async function bench(options: Options): Promise<void> {
  const machine = describeMachine();
  console.log(`${machine.cpus}, Node ${machine.node}, ${options.rounds} rounds\n`);
  const runs = options.plan.map(({ service, workloads }) => {
    const takePart = service.contenders.filter(({ id }) => options.contenders.includes(id));
    return workloads.length * takePart.length * options.rounds;
  });
  const bar = createProgressBar(runs.reduce((sum, count) => sum + count, 0));
  for (const plan of options.plan) await benchService(plan, options, machine, bar);
  if (options.profile !== undefined) writeProfiles(options.profile);
}

async function benchService(
  { service, workloads }: Plan,
  options: Options,
  machine: ReturnType<typeof describeMachine>,
  bar: ProgressBar,
): Promise<void> {
  const running = await service.start(options.folder);
  const here = {
    ...options,
    contenders: service.contenders.map(({ id }) => id).filter((id) => options.contenders.includes(id)),
  };
  const stop = (): void => void running.stop().finally(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  console.log(`${service.title}: ${running.described}\n`);
  try {
    for (const workload of workloads) {
      const row: Row = await measure({ service, running }, workload, here, (label) => bar.step(label));
      bar.clear();
      console.log(terminalTable(service, row));
      keepRows(service, { ...machine, described: running.described, sizes: options.sizes }, row, options.keeps);
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await running.stop();
  }
}
