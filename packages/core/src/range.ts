import { describe } from './check.ts';
import type { DriverRange } from './driver.ts';
import { DriverFault } from './errors/driver-fault.ts';

const members = ['start', 'end', 'length', 'suffix'];

/**
 * A range as drivers take it: `end` is not part of it, as with `Blob.slice`; a `length` becomes an `end`.
 *
 * @throws DriverFault `InvalidArgument`; whether the range lies in the object is for the service to say
 */
export function checkRange(range: unknown): DriverRange {
  if (typeof range !== 'object' || range === null) throw invalid(`the range must be an object, not ${describe(range)}`);
  const unknown = Object.keys(range).find((name) => !members.includes(name));
  if (unknown !== undefined)
    throw invalid(`a range has start and end, start and length, or suffix, but no ${JSON.stringify(unknown)}`);

  const given = range as Readonly<Record<string, unknown>>;
  const start = offset('start', given['start']);
  const end = offset('end', given['end']);
  const length = offset('length', given['length']);
  const suffix = offset('suffix', given['suffix']);
  if (suffix !== undefined) {
    if (start === undefined && end === undefined && length === undefined) return { suffix };
    throw invalid('a range with suffix has neither start, end nor length');
  }
  if (start === undefined) throw invalid('the range needs a start, or a suffix for the last bytes');
  if (end !== undefined && length !== undefined) throw invalid('a range has an end or a length, not both');
  if (end !== undefined && end < start) throw invalid(`the range ends at ${end}, before its start at ${start}`);
  return ranged(start, end ?? (length === undefined ? undefined : start + length));
}

/** Whether a range holds no byte, wherever it lies; services answer that in different ways. */
export function isEmptyRange(range: DriverRange): boolean {
  return 'suffix' in range ? range.suffix === 0 : range.start === range.end;
}

function ranged(start: number, end: number | undefined): DriverRange {
  // No object is longer: the sum is as good as no end.
  const isOpen = end === undefined || end > Number.MAX_SAFE_INTEGER;
  return isOpen ? { start } : { start, end };
}

function offset(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid(`the range's ${name} must be a whole number of bytes from 0, not ${describe(value)}`);
}

function invalid(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
