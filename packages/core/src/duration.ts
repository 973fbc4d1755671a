import { describe } from './check.ts';
import { DriverFault } from './errors/driver-fault.ts';

const unitMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** What a duration may look like, for messages. */
export const durationForms = "milliseconds, or a text such as '90s', '15m', '1h', '30d'";

/** Milliseconds of `'30d'`, `'1h'`, `'1.5h'` or a number of them; undefined when it is none of these. */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?) ?(ms|[smhdw])$/.exec(value) ?? [];
  const factor = unitMs.get(unit ?? '');
  return factor === undefined ? undefined : Math.round(Number(amount) * factor);
}

/** A duration in milliseconds; undefined when it is not given. */
export function checkDuration(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const ms = parseDuration(value);
  if (ms !== undefined) return ms;
  throw new DriverFault('InvalidArgument', `${name} must be ${durationForms}, not ${describe(value)}`);
}
