import { contenderOf } from '../contenders/find.ts';
import { serviceOf } from '../services/index.ts';
import { bends, type Curve, cpuOf, exponent, lineOf, type Measure, memoryBends, memoryOf, timeOf } from './curve.ts';
import type { GrowthReport } from './report.ts';

const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** Cost against work, as a page. */
export function growthMarkdown(report: GrowthReport): string {
  return [
    '# Cost against work',
    '',
    `Measured ${report.date.slice(0, 10)} on ${report.cpus}, ${report.platform}, Node ${report.node}, by \`pnpm bench growth\`; ` +
      `medians of ${report.rounds} rounds (one from 1 GiB and from a million keys on), each run in a process of its own. ` +
      'Bodies are made and drained in memory: none is ever whole in the client.',
    '',
    '![The same as lines](growth.svg)',
    '',
    'The exponent says how cost follows work in the last decade: 1 is in proportion, 0 not at all. More than 0.15 above what is expected is ' +
      'named a bend, and so is memory that grows by more than that and 16 MiB.',
    '',
    ...summary(report.curves),
    '',
    ...report.curves.flatMap(section),
  ].join('\n');
}

function contendersOf({ points }: Curve): string[] {
  return [...new Set(points.flatMap(({ results }) => results.map(({ contender }) => contender)))];
}

function label(curve: Curve, contender: string): string {
  return contenderOf(serviceOf(curve.service), contender).label;
}

function summary(curves: readonly Curve[]): string[] {
  const lines = curves.flatMap((curve) =>
    contendersOf(curve).map((contender) => {
      const found = (measure: Measure): string => verdict(curve, exponent(lineOf(curve, contender, measure)));
      const memory = lineOf(curve, contender, memoryOf);
      const grows = memoryBends(memory) ? ' **bends**' : '';
      return `| ${curve.title} | ${curve.of} | ${curve.expects} | ${label(curve, contender)} | ${found(timeOf)} | ${found(cpuOf)} | ${short.format(exponent(memory) ?? NaN)}${grows} |`;
    }),
  );
  return [
    '| work | grows by | expected | contender | time | client CPU | memory |',
    '| --- | --- | --- | --- | --: | --: | --: |',
    ...lines,
  ];
}

function verdict(curve: Curve, found: number | undefined): string {
  return `${found === undefined ? '–' : found.toFixed(2)}${bends(curve, found) ? ' **bends**' : ''}`;
}

function section(curve: Curve): string[] {
  const rows = curve.points.flatMap(({ x, results }) =>
    results.map(
      (result) =>
        `| ${amount(curve, x)} | ${label(curve, result.contender)} | ${short.format(timeOf(result))} | ${short.format(cpuOf(result))} | ${Math.round(result.peakMiB)} (+${Math.round(result.peakAboveIdleMiB)}) |`,
    ),
  );
  return [
    `## ${curve.title}`,
    '',
    `| ${curve.of} | contender | µs per operation | client CPU µs | peak MiB (above idle) |`,
    '| --: | --- | --: | --: | --: |',
    ...rows,
    '',
    ...curve.failed.map((reason) => `${reason}\n`),
  ];
}

/** `64 MiB`, `10,000`. */
export function amount({ of }: Pick<Curve, 'of'>, x: number): string {
  if (of !== 'bytes') return x.toLocaleString('en-US');
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(3, Math.floor(Math.log2(Math.max(1, x)) / 10));
  return `${x / 1024 ** power} ${units[power]}`;
}
