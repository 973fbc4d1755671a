import type { Result, Row } from '../results.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function rateText({ rate }: Result): string {
  return rate < 10 ? rate.toPrecision(2) : whole.format(rate);
}

/** How far rounds lie apart: `± 4 %`. */
export function spreadText({ spread }: Result): string {
  return `± ${Math.round(spread * 100)} %`;
}

/** As a part of the limit: `0.83 ×`. */
export function ratioText({ ofLimit }: Result): string {
  return Number.isFinite(ofLimit) ? `${ofLimit.toFixed(2)} ×` : '';
}

export function memoryText({ showsMemory }: Row, { peakMiB, peakAboveIdleMiB }: Result): string {
  return showsMemory ? `${whole.format(peakMiB)} (+${whole.format(peakAboveIdleMiB)})` : '';
}

export function microsecondsText(microseconds: number | undefined): string {
  if (microseconds === undefined) return '–';
  return microseconds < 100 ? microseconds.toFixed(1) : whole.format(microseconds);
}

/** What CPU time is counted per. */
export function perUnit({ unit }: Row): string {
  if (unit === 'files/s') return 'file';
  if (unit === 'MB/s') return 'MB';
  return unit === 'ms' ? 'start' : 'operation';
}
