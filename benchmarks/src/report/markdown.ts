import { contenderOf, contenders } from '../contenders/index.ts';
import { labelOf, type Report, type Result, type Row } from '../results.ts';
import { cpuText, memoryText, rateText, ratioText } from './numbers.ts';

/** The report as a page: one table of ratios, then each workload in full. */
export function markdown(report: Report): string {
  return [
    '# Local disk, side by side',
    '',
    `Measured ${report.date.slice(0, 10)} on ${report.cpus}, ${report.platform}, Node ${report.node}, files on ${report.fileSystem}. ` +
      `Medians of ${report.rounds} rounds, contenders taking turns, each run in a process of its own. ` +
      `The load average was ${report.load.toFixed(1)}; from twice the number of processors on, CPU times say more than rates. ` +
      'Rates do not carry over to another machine: read the ratios, and run `pnpm bench` on yours.',
    '',
    '![The same as bars](local.svg)',
    '',
    '## What is compared',
    '',
    ...whatIsCompared(),
    '',
    '**The limit** of a row is the faster of the two asynchronous `node:fs` programs. They check nothing, keep nothing and lock nothing.',
    "Nobody here waits for the disk (`fsync`); ours is at its default, `durability: 'process'`. A large body has " +
      `${report.largeMiB} MiB.`,
    '',
    'Ours computes a CRC-32 of all it writes and verifies it on whole reads: *node:fs, callbacks, CRC-32* is what large bodies',
    'cost at least with that.',
    '',
    '## As a part of the limit',
    '',
    ...overview(report.rows),
    '',
    ...report.rows.flatMap(rowTable),
  ].join('\n');
}

function whatIsCompared(): string[] {
  return table(
    ['contender', 'keeps', 'a write is', 'a listing tells'],
    contenders.map(({ label, keeps, writes, lists }) => [label, keeps, writes, lists]),
  );
}

function overview(rows: readonly Row[]): string[] {
  const columns = contenders.filter(({ id }) =>
    rows.some(({ results }) => results.some(({ contender }) => contender === id)),
  );
  return table(
    ['', ...columns.map(({ label }) => label)],
    rows.map(({ title, results }) => [
      title,
      ...columns.map(({ id }) => {
        const result = results.find(({ contender }) => contender === id);
        return result === undefined ? '–' : ratioText(result);
      }),
    ]),
  );
}

function rowTable(row: Row): string[] {
  const per = row.unit === 'operations/s' ? 'operation' : row.unit === 'files/s' ? 'file' : 'MB';
  const header = ['', row.unit, 'of the limit', `CPU µs per ${per}`];
  if (row.showsMemory) header.push('peak MiB (above idle)');
  return [
    `## ${row.title}`,
    '',
    ...table(
      header,
      row.results.map((result) => line(row, result)),
    ),
    '',
  ];
}

function line(row: Row, result: Result): string[] {
  const name = contenderOf(result.contender).kind === 'ours' ? `**${labelOf(result)}**` : labelOf(result);
  const cells = [name, rateText(result), ratioText(result), cpuText(result)];
  return row.showsMemory ? [...cells, memoryText(row, result)] : cells;
}

function table(header: readonly string[], lines: readonly (readonly string[])[]): string[] {
  const rule = header.map((_, column) => (column === 0 ? '---' : '--:'));
  return [header, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}
