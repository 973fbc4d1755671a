import { DriverFault } from '@storage/core/driver';
import { hasCode, rename } from './calls.ts';
import { sleep } from './sleep.ts';
import type { Task } from './task.ts';

/** How long a rename waits for others to close the file that it replaces, in milliseconds. */
const patienceMs = 2000;
const longestPauseMs = 50;

/** Puts a file in the place of another in one step, also while others read that. */
export function* renameOver(from: string, to: string): Task<void> {
  yield* patiently(() => rename(from, to), process.platform === 'win32');
}

/**
 * Tries again what Windows refuses for as long as another program has the file open: a reader of ours, a virus scanner.
 *
 * @param isWindows elsewhere the same errors say that it is forbidden
 */
export function* patiently(attempt: () => Task<void>, isWindows: boolean): Task<void> {
  let waitedMs = 0;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return yield* attempt();
    } catch (error) {
      if (!isWindows || !hasCode(error, 'EPERM', 'EACCES', 'EBUSY')) throw error;
      if (waitedMs >= patienceMs) throw inUse(error);
    }
    yield* sleep(pauseMs);
    waitedMs += pauseMs;
  }
}

function inUse(cause: unknown): DriverFault {
  return new DriverFault('Unavailable', 'another program has the file open', { cause, retryable: 'safe' });
}
