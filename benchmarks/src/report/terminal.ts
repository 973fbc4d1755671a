import { styleText } from 'node:util';
import { contenderOf } from '../contenders/find.ts';
import type { Result, Row } from '../results.ts';
import type { Service } from '../services/service.ts';
import { memoryText, microsecondsText, rateText, ratioText, spreadText } from './numbers.ts';

/** One workload as a table for people. */
export function terminalTable(service: Service, row: Row): string {
  const header = ['', row.unit, '', 'of limit', 'CPU µs', 'server µs', row.showsMemory ? 'peak MiB' : ''];
  const lines = row.results.map((result) => [
    contenderOf(service, result.contender).label,
    rateText(result),
    spreadText(result),
    ratioText(result),
    microsecondsText(result.cpuMicroseconds),
    microsecondsText(result.serverCpuMicroseconds),
    memoryText(row, result),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...lines].map((line) => line[column]?.length ?? 0)));
  const text = [header, ...lines].map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  const styled = text.map((line, index) => style(service, row.results[index - 1], `  ${line.join('   ').trimEnd()}`));
  const failed = row.failed.map(({ contender, reason }) => styleText('red', `  ${contender}: ${reason}`));
  return [styleText('bold', row.title), ...styled, ...failed, ''].join('\n');
}

function style(service: Service, result: Result | undefined, line: string): string {
  if (result === undefined) return styleText('dim', line);
  return contenderOf(service, result.contender).kind === 'ours' ? styleText('green', line) : line;
}
