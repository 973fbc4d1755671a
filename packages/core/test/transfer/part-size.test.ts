import { describe, expect, it } from 'vitest';
import type { MultipartCapability } from '../../src/capabilities.ts';
import { isDriverFault } from '../../src/errors/driver-fault.ts';
import { partSizes } from '../../src/transfer/part-size.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const TiB = 2 ** 40;

function limits(change: Partial<MultipartCapability>): MultipartCapability {
  return {
    minPartSize: 5 * MiB,
    maxPartSize: 5 * GiB,
    maxParts: 10_000,
    concurrent: 'last-complete-wins',
    abort: 'immediate',
    listIncomplete: 'all',
    conditionalComplete: true,
    ...change,
  };
}
const s3 = limits({});
const azure = limits({ minPartSize: 1, maxPartSize: 4000 * MiB, maxParts: 50_000 });

function partsOf(service: MultipartCapability, total: number, isKnown: boolean): { count: number; largest: number } {
  const sizeAt = partSizes(service, isKnown ? total : undefined);
  let count = 0;
  let largest = 0;
  for (let offset = 0; offset < total; count++) {
    const size = sizeAt(offset);
    largest = Math.max(largest, size);
    offset += size;
  }
  return { count, largest };
}

describe('the size of parts', () => {
  it('is 8 MiB until a total needs more', () => {
    expect(partSizes(s3, 100 * MiB)(0)).toBe(8 * MiB);
    expect(partSizes(s3, 10_000 * 8 * MiB)(0)).toBe(8 * MiB);
    expect(partSizes(s3, 10_000 * 8 * MiB + 1)(0)).toBe(8 * MiB + 1);
    expect(partSizes(s3, undefined)(0)).toBe(8 * MiB);
    expect(partSizes(s3, undefined)(1_200 * 8 * MiB)).toBe(8 * MiB);
  });

  it.each([
    ['S3 of known total, 5 TiB', s3, 5 * TiB, true],
    ['S3 of known total, as much as its parts can hold', s3, 10_000 * 5 * GiB, true],
    ['S3 of unknown total, 5 TiB', s3, 5 * TiB, false],
    ['Azure of known total, as much as its blocks can hold', azure, 50_000 * 4000 * MiB, true],
    ['Azure of unknown total, 100 TiB', azure, 100 * TiB, false],
  ] as const)('keeps within the limits on parts: %s', (_title, service, total, isKnown) => {
    const { count, largest } = partsOf(service, total, isKnown);
    expect(count).toBeLessThanOrEqual(service.maxParts);
    expect(largest).toBeLessThanOrEqual(service.maxPartSize);
  });

  it('of an unknown total is at most a 1,200th of what was sent, in steps that buffers can serve', () => {
    const sizeAt = partSizes(s3, undefined);
    for (let offset = 0; offset < TiB; offset += 3 * GiB) {
      expect(sizeAt(offset)).toBeLessThanOrEqual(Math.max(8 * MiB, offset / 1_200 + MiB));
      expect(sizeAt(offset) % MiB).toBe(0);
    }
  });

  it('is what was asked for, within what the service takes', () => {
    expect(partSizes(s3, 100 * MiB, 16 * MiB)(0)).toBe(16 * MiB);
    expect(partSizes(s3, 100 * MiB, 1)(0)).toBe(5 * MiB);
    expect(partSizes(s3, 100 * MiB, 6 * GiB)(0)).toBe(5 * GiB);
    expect(partSizes(s3, undefined, 1)(0)).toBe(5 * MiB);
  });

  it('of a service with few parts grows faster', () => {
    const few = limits({ maxParts: 100, minPartSize: 1 });
    expect(partsOf(few, 4 * GiB, false).count).toBeLessThanOrEqual(100);
  });

  it('does not exist for what no parts can hold: Unsupported', () => {
    const tooMuch = 10_000 * 5 * GiB + 1;
    expect(() => partSizes(s3, tooMuch)).toThrow(
      expect.toSatisfy((error) => isDriverFault(error) && error.classification.code === 'Unsupported'),
    );
  });
});
