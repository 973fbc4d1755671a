import { readFileSync, writeFileSync } from 'node:fs';

const MiB = 1024 * 1024;

/** Memory of this process now, in MiB. */
export function residentMiB(): number {
  return process.memoryUsage.rss() / MiB;
}

/** Starts to look for the peak from here on, where the kernel can (Linux). */
export function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Elsewhere the peak is that of the whole process.
  }
}

/** The most memory that this process had, in MiB: since `forgetPeak` where there is that. */
export function peakMiB(): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const kiB = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
    if (kiB !== undefined) return Number(kiB) / 1024;
  } catch {
    // Only Linux has /proc.
  }
  return process.resourceUsage().maxRSS / 1024;
}
