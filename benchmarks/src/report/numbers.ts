import type { Result, Row } from '../results.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function rateText({ rate }: Result): string {
  return whole.format(rate);
}

/** As a part of the limit: `0.83 ×`. */
export function ratioText({ ofLimit }: Result): string {
  return Number.isFinite(ofLimit) ? `${ofLimit.toFixed(2)} ×` : '';
}

export function memoryText({ showsMemory }: Row, { peakMiB, peakAboveIdleMiB }: Result): string {
  return showsMemory ? `${whole.format(peakMiB)} (+${whole.format(peakAboveIdleMiB)})` : '';
}

export function cpuText({ cpuMicroseconds }: Result): string {
  return cpuMicroseconds < 100 ? cpuMicroseconds.toFixed(1) : whole.format(cpuMicroseconds);
}
