import { styleText } from 'node:util';
import { contenderOf } from '../contenders/index.ts';
import { labelOf, type Result, type Row } from '../results.ts';
import { cpuText, memoryText, rateText, ratioText } from './numbers.ts';

/** One workload as a table for people. */
export function terminalTable(row: Row): string {
  const header = ['', row.unit, 'of limit', 'CPU µs', row.showsMemory ? 'peak MiB' : ''];
  const lines = row.results.map((result) => [
    labelOf(result),
    rateText(result),
    ratioText(result),
    cpuText(result),
    memoryText(row, result),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => line[column]?.length ?? 0)));
  const text = [header, ...lines].map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  const styled = text.map((line, index) => style(row.results[index - 1], `  ${line.join('   ').trimEnd()}`));
  return [styleText('bold', row.title), ...styled, ''].join('\n');
}

function style(result: Result | undefined, line: string): string {
  if (result === undefined) return styleText('dim', line);
  return contenderOf(result.contender).kind === 'ours' ? styleText('green', line) : line;
}
