import type { Capabilities } from '../../packages/core/src/capabilities.ts';
import type { Descriptions } from './descriptions.ts';

/** Capability records by the heading of their column. */
export type Columns = Readonly<Record<string, Capabilities>>;

/** A Markdown table: a row for each capability, a column for each backend. */
export function tableOf(columns: Columns, descriptions: Descriptions): string {
  const flat = Object.values(columns).map(flatten);
  const header = ['capability', ...Object.keys(columns), 'what it says'];
  const rows = [...descriptions]
    .map(([name, text]) => [`\`${name}\``, ...flat.map((record) => record.get(name) ?? ''), escape(text)])
    .filter((row) => row.slice(1, -1).some((cell) => cell !== ''));
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A group that is claimed has a cell for each member, one that is not has its own alone. */
function flatten(record: Capabilities): ReadonlyMap<string, string> {
  const { multipart, sign, ...others } = record;
  const cells = new Map(Object.entries(others).map(([name, value]) => [name, cellOf(name, value)]));
  for (const [group, claim] of Object.entries({ multipart, sign })) {
    cells.set(group, claim === false ? 'no' : 'yes');
    for (const [name, value] of Object.entries(claim)) cells.set(`${group}.${name}`, cellOf(name, value));
  }
  return cells;
}

function cellOf(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberOf(name, value);
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([member, each]) => `${member} ${cellOf(member, each)}`)
      .join(', ');
  }
  return String(value);
}

function numberOf(name: string, value: number): string {
  if (value === Number.MAX_SAFE_INTEGER) return 'no limit';
  return /(?:maxSize|PartSize|Bytes)$/.test(name) ? bytes(value) : value.toLocaleString('en');
}

function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = units.findLastIndex((_, index) => value !== 0 && value % 1024 ** index === 0);
  return power <= 0 ? `${value.toLocaleString('en')} B` : `${String(value / 1024 ** power)} ${units[power] ?? ''}`;
}

function escape(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
