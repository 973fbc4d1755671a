import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Report, Row } from '../results.ts';
import type { Service } from '../services/service.ts';
import { workloads } from '../workloads/index.ts';
import type { WorkloadSizes } from '../workloads/workload.ts';
import { markdown } from './markdown.ts';
import { svg } from './svg.ts';

const folder = new URL('../../results/', import.meta.url);

interface Circumstances {
  readonly node: string;
  readonly platform: string;
  readonly cpus: string;
  readonly described: string;
  readonly sizes: WorkloadSizes;
}

/** Puts a row into the results of its service, or into `partial`, which is not kept: a look takes no result's place. */
export function keepRows(service: Service, circumstances: Circumstances, row: Row, keeps: boolean): void {
  const { sizes, ...described } = circumstances;
  const name = keeps ? service.id : 'partial';
  mkdirSync(folder, { recursive: true });
  const earlier = keeps ? readRows(name) : [];
  const rows = [...earlier.filter(({ workload }) => workload !== row.workload), row];
  const order = workloads.map(({ id }) => id);
  rows.sort((a, b) => order.indexOf(a.workload) - order.indexOf(b.workload));
  const report: Report = {
    service: service.id,
    date: new Date().toISOString(),
    ...described,
    largeMiB: sizes.largeBytes / 2 ** 20,
    rows,
  };
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(new URL(`${name}.md`, folder), markdown(service, report, `${name}.svg`));
  writeFileSync(new URL(`${name}.svg`, folder), svg(service, report));
  if (service.summary === undefined || !keeps) return;
  writeFileSync(new URL(`${name}-summary.svg`, folder), svg(service, summed(report, service.summary)));
}

/** Some rows and contenders of a report. */
function summed(report: Report, { rows, contenders }: NonNullable<Service['summary']>): Report {
  const shown = report.rows
    .filter(({ workload }) => rows.includes(workload))
    .map((row) => ({ ...row, results: row.results.filter(({ contender }) => contenders.includes(contender)) }));
  return { ...report, rows: shown };
}

function readRows(name: string): readonly Row[] {
  try {
    return (JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Report).rows;
  } catch {
    return [];
  }
}
