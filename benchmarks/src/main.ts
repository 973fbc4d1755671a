import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { describeMachine } from './environment.ts';
import { measure } from './measure.ts';
import { type Options, readOptions } from './options.ts';
import { markdown } from './report/markdown.ts';
import { createProgressBar } from './report/progress-bar.ts';
import { svg } from './report/svg.ts';
import { terminalTable } from './report/terminal.ts';
import type { Report, Row } from './results.ts';
import { median } from './statistics.ts';

const options = readOptions(process.argv.slice(2));
if (options !== undefined) await bench(options);

async function bench(options: Options): Promise<void> {
  const { workloads, contenders, rounds, folder, sizes } = options;
  const machine = describeMachine(folder);
  console.log(`${machine.cpus}, Node ${machine.node}, ${machine.fileSystem}, ${rounds} rounds\n`);

  const bar = createProgressBar(workloads.length * contenders.length * (rounds + 1));
  const rows: Row[] = [];
  const loads: number[] = [];
  for (const workload of workloads) {
    const row = await measure(workload, options, (label) => bar.step(label));
    rows.push(row);
    loads.push(loadavg()[0] ?? NaN);
    bar.clear();
    console.log(terminalTable(row));
  }
  const load = median(loads);
  const report = {
    date: new Date().toISOString(),
    ...machine,
    load,
    rounds,
    largeMiB: sizes.largeBytes / 2 ** 20,
    rows,
  };
  write(report, options.isPartial ? 'partial' : 'local');
}

/** Keeps results of a full run; those of a part of it must not take their place. */
function write(report: Report, name: string): void {
  const folder = new URL('../results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(new URL(`${name}.md`, folder), markdown(report).replace('local.svg', `${name}.svg`));
  writeFileSync(new URL(`${name}.svg`, folder), svg(report));
  console.log(`Written to benchmarks/results/${name}.md, ${name}.svg and ${name}.json`);
}
