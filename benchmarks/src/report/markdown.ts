import { contenderOf } from '../contenders/find.ts';
import type { Report, Result, Row } from '../results.ts';
import type { Service } from '../services/service.ts';
import { median } from '../statistics.ts';
import { memoryText, microsecondsText, perUnit, rateText, ratioText, spreadText } from './numbers.ts';

/** The report as a page: one table of ratios, then each workload in full. */
export function markdown(service: Service, report: Report, picture: string): string {
  const { rows } = report;
  const rounds = [...new Set(rows.map((row) => row.rounds))].sort((a, b) => a - b).join(' to ');
  const load = median(rows.map((row) => row.load)).toFixed(1);
  return [
    `# ${service.title}, side by side`,
    '',
    `Measured ${report.date.slice(0, 10)} on ${report.cpus}, ${report.platform}, Node ${report.node}, ${report.described}. ` +
      `Medians of ${rounds} rounds, contenders taking turns, each run in a process of its own. ` +
      `The load average was ${load}; from twice the number of processors on, CPU times say more than rates. ` +
      'Rates do not carry over to another machine: read the ratios, and run `pnpm bench` on yours.',
    '',
    `![The same as bars](${picture})`,
    '',
    '## What is compared',
    '',
    ...whatIsCompared(service),
    '',
    ...service.notes,
    '',
    `A large body has ${report.largeMiB} MiB. What is read is compared with what was saved, byte by byte or by digest; what is written is read back by another program.`,
    '',
    '## As a part of the limit',
    '',
    ...overview(service, rows, (result) => ratioText(result)),
    '',
    '## Client CPU, in µs per operation, file or MB',
    '',
    ...overview(service, rows, ({ cpuMicroseconds }) => microsecondsText(cpuMicroseconds)),
    '',
    ...rows.flatMap((row) => rowTable(service, row)),
  ].join('\n');
}

function whatIsCompared({ contenders, facts }: Service): string[] {
  return table(
    ['contender', ...facts, 'settings'],
    contenders.map(({ label, facts: told, settings }) => [
      label,
      ...told,
      settings === undefined ? '' : `[${settings.text}](${settings.link})`,
    ]),
  );
}

function overview(service: Service, rows: readonly Row[], cell: (result: Result) => string): string[] {
  const columns = service.contenders.filter(({ id }) =>
    rows.some(({ results }) => results.some(({ contender }) => contender === id)),
  );
  return table(
    ['', ...columns.map(({ label }) => label)],
    rows.map(({ title, results }) => [
      title,
      ...columns.map(({ id }) => {
        const result = results.find(({ contender }) => contender === id);
        return result === undefined ? '–' : cell(result);
      }),
    ]),
  );
}

function rowTable(service: Service, row: Row): string[] {
  const header = ['', row.unit, 'spread', 'of the limit', `CPU µs per ${perUnit(row)}`];
  const showsServer = row.results.some(({ serverCpuMicroseconds }) => serverCpuMicroseconds !== undefined);
  if (showsServer) header.push('of the server');
  if (row.showsMemory) header.push('peak MiB (above idle)');
  return [
    `## ${row.title}`,
    '',
    ...table(
      header,
      row.results.map((result) => line(service, row, result, showsServer)),
    ),
    '',
    ...row.failed.map(({ contender, reason }) => `${contenderOf(service, contender).label}: ${reason}.\n`),
  ];
}

function line(service: Service, row: Row, result: Result, showsServer: boolean): string[] {
  const { label, kind } = contenderOf(service, result.contender);
  const cells = [
    kind === 'ours' ? `**${label}**` : label,
    rateText(result),
    spreadText(result),
    ratioText(result),
    microsecondsText(result.cpuMicroseconds),
  ];
  if (showsServer) cells.push(microsecondsText(result.serverCpuMicroseconds));
  return row.showsMemory ? [...cells, memoryText(row, result)] : cells;
}

function table(header: readonly string[], lines: readonly (readonly string[])[]): string[] {
  const rule = header.map((_, column) => (column === 0 ? '---' : '--:'));
  return [header, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}
