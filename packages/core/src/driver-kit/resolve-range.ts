import type { DriverRange } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** The bytes that a range names in an object of `size` bytes. Throws `InvalidRange` for a start at or past its end. */
export function resolveRange(
  range: DriverRange | undefined,
  size: number,
): { readonly start: number; readonly end: number } {
  if (range === undefined) return { start: 0, end: size };
  if ('suffix' in range) return { start: Math.max(0, size - range.suffix), end: size };
  if (range.start >= size) {
    throw new DriverFault('InvalidRange', `the range starts at ${range.start}, the object has ${size} bytes`);
  }
  return { start: range.start, end: Math.min(range.end ?? size, size) };
}
