import type { MultipartCapability } from '../capabilities.ts';
import { DriverFault } from '../errors/driver-fault.ts';

export const MiB: number = 1024 * 1024;

/** Bytes of a part unless the caller says otherwise. */
export const defaultPartSize: number = 8 * MiB;

/** Size of the part that begins at `offset`. */
export type PartSizes = (offset: number) => number;

/** Share of an unknown total that one part takes: with it 10,000 parts reach 14 TiB, and memory grows with the stream. */
const growthDivisor = 1_200;

/**
 * Sizes of the parts of an upload: as wanted, within the limits of the service, and growing so that the limit on the
 * number of parts does not bind. Throws `Unsupported` when no sizes would do.
 */
export function partSizes(
  limits: MultipartCapability,
  total: number | undefined,
  wanted: number = defaultPartSize,
): PartSizes {
  const { minPartSize, maxPartSize, maxParts } = limits;
  const least = Math.min(Math.max(wanted, minPartSize), maxPartSize);
  if (total === undefined) return growing(least, limits);
  const size = Math.max(least, Math.ceil(total / maxParts));
  if (size > maxPartSize) throw tooLarge(total, maxPartSize * maxParts);
  return () => size;
}

/** Throws `Unsupported` for an object that the service cannot hold. */
export function tooLarge(total: number, most: number): DriverFault {
  return new DriverFault(
    'Unsupported',
    `the body has ${total} bytes; this backend stores at most ${most} in one object`,
  );
}

function growing(least: number, { maxPartSize, maxParts }: MultipartCapability): PartSizes {
  const divisor = Math.min(growthDivisor, maxParts * 0.12);
  // In steps, so that buffers of one size serve many parts.
  const step = Math.max(1, Math.floor(least / 8));
  return (offset) => {
    const share = Math.ceil(offset / divisor / step) * step;
    return Math.min(Math.max(least, share), maxPartSize);
  };
}
