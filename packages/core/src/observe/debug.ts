import { eventLine } from './event-line.ts';
import type { StorageObserver } from './events.ts';

/** Whether the environment asks for debug output: `STORAGE_DEBUG` set to anything but `0` or `false`. */
export function debugFromEnvironment(environment: NodeJS.ProcessEnv = process.env): boolean {
  const value = environment['STORAGE_DEBUG'] ?? '';
  return value !== '' && value !== '0' && value !== 'false';
}

/**
 * An observer that prints one line per event to standard error.
 *
 * @example
 * // STORAGE 12:03:44.123 uploads #7 save "a.txt" ok in 12 ms, 34 bytes
 */
export function debugObserver(write: (line: string) => void = toStandardError): StorageObserver {
  return (event) => {
    const time = new Date(event.time).toISOString().slice(11, 23);
    const correlation = event.correlationId === undefined ? '' : ` [${event.correlationId}]`;
    write(`STORAGE ${time} ${event.backend} #${event.callId}${correlation} ${eventLine(event)}`);
  };
}

function toStandardError(line: string): void {
  process.stderr.write(`${line.replaceAll(/\p{Cc}/gu, ' ')}\n`);
}
