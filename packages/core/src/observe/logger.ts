import type { ErrorCode } from '../errors/codes.ts';
import { eventLine } from './event-line.ts';
import type { StorageEvent, StorageObserver } from './events.ts';

/** A logger that takes fields and a message: pino, and those that follow it. */
export interface StorageLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Answers that programs ask for: no reason to wake anybody. */
const expected: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'NotFound',
  'AlreadyExists',
  'PreconditionFailed',
  'NotModified',
  'Aborted',
]);

/**
 * An observer that writes structured log lines: ends at `info` (failures at `error`, but `info` for answers such as
 * `NotFound`), retries at `warn`, starts and attempts at `debug`.
 *
 * @example
 * const backend = new MemoryBackend({ observer: logObserver(pino()) });
 */
export function logObserver(logger: StorageLogger): StorageObserver {
  return (event) => {
    // A call on the logger: loggers such as pino need their `this`.
    logger[levelOf(event)]({ storage: event }, eventLine(event));
  };
}

function levelOf(event: StorageEvent): keyof StorageLogger {
  if (event.kind === 'retry') return 'warn';
  if (event.kind !== 'end') return 'debug';
  return event.errorCode === undefined || expected.has(event.errorCode) ? 'info' : 'error';
}
