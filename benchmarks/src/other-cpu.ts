import { readFileSync } from 'node:fs';

// Linux counts in hundredths of a second, whatever the kernel was built with.
const ticksPerSecond = 100;

/** CPU time of the programs that this process has started and that have ended. */
export function cpuSecondsOfPrograms(): number {
  try {
    const fields = fieldsOf('self');
    return (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
  } catch {
    return 0;
  }
}

/** CPU time that a process has used, user and system; undefined where it cannot be read. */
export function cpuSecondsOf(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined;
  try {
    const fields = fieldsOf(pid);
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return undefined;
  }
}

function fieldsOf(pid: number | 'self'): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may contain anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
