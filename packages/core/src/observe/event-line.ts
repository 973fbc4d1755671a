import { quoteKey } from '../errors/message.ts';
import type { StorageEvent } from './events.ts';

/**
 * An event in one line for people.
 *
 * @example
 * 'save "a.txt" ok in 12 ms, 34 bytes'
 */
export function eventLine(event: StorageEvent): string {
  const subject = event.key === undefined ? event.operation : `${event.operation} ${quoteKey(event.key)}`;
  switch (event.kind) {
    case 'start':
      return `${subject} …`;
    case 'attempt':
      return `${subject} attempt ${event.attempt} ${outcome(event)} in ${milliseconds(event.durationMs)}`;
    case 'retry':
      return `${subject} attempt ${event.attempt} ${event.errorCode}, again in ${milliseconds(event.delayMs)}`;
    case 'end':
      return `${subject} ${outcome(event)} in ${milliseconds(event.durationMs)}${details(event)}`;
  }
}

function outcome(event: Extract<StorageEvent, { outcome: unknown }>): string {
  return event.outcome === 'ok' ? 'ok' : (event.errorCode ?? 'error');
}

function details(event: Extract<StorageEvent, { kind: 'end' }>): string {
  const bytes = event.bytes === 0 ? '' : `, ${event.bytes} bytes`;
  const attempts = event.attempts > 1 ? `, ${event.attempts} attempts` : '';
  const error = event.errorMessage === undefined ? '' : `: ${event.errorMessage}`;
  return `${bytes}${attempts}${error}`;
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
