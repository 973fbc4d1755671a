import type { Answer } from './claims.ts';
import type { ProbeReport, ProbeResult } from './run.ts';

const remarks = { agrees: '', differs: 'differs', open: 'open', failed: 'failed' };

/** A report as text: one line per claim, what was asked where an answer differs, and what was not asked. */
export function toTable({ results, notAsked }: ProbeReport): string {
  const rows = [['claim', 'claimed', 'seen', ''], ...results.map(rowOf)];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const differing = results.filter(({ outcome }) => outcome === 'differs');
  return [
    ...lines,
    '',
    summaryOf(results),
    ...differing.map(({ claim, asks }) => `  ${claim}: ${asks}`),
    '',
    `Not asked: ${notAsked.join(', ')}.`,
    '',
  ].join('\n');
}

function summaryOf(results: readonly ProbeResult[]): string {
  const count = (wanted: ProbeResult['outcome']): number => results.filter(({ outcome }) => outcome === wanted).length;
  return `${count('agrees')} agree, ${count('differs')} differ, ${count('open')} open, ${count('failed')} failed.`;
}

function rowOf({ claim, claimed, seen, outcome, reason }: ProbeResult): string[] {
  const remark = reason === undefined ? remarks[outcome] : `${remarks[outcome]}: ${reason}`;
  return [claim, textOf(claimed), seen === undefined ? '' : textOf(seen), remark];
}

function textOf(answer: Answer): string {
  return typeof answer === 'object' ? answer.join(' ') : String(answer);
}
