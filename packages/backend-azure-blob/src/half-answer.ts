import { DriverFault, type Retryable } from '@storage/core/driver';
import { statusOf } from './errors.ts';

const ofBatchParser = /^Invalid state: |^batchResponse is malformed/;

/**
 * Reads an answer that has a body, which can be half of one although its status says success: cut by a gateway, empty,
 * or of somebody else. The SDK calls it unreadable where it is no XML, and where it is other XML or none it stumbles
 * over what is missing.
 */
export async function whole<T>(what: string, read: () => Promise<T>, retryable: Retryable = 'safe'): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw isHalf(error) ? half(what, retryable, error) : error;
  }
}

/** The error for an answer of which something is missing. */
export function half(what: string, retryable: Retryable = 'safe', cause?: unknown): DriverFault {
  return new DriverFault('Unavailable', `the service answered with half ${what}`, { retryable, cause });
}

function isHalf(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ((statusOf(error) ?? 500) < 300) return true;
  // Those of Node.js have a code, and that of a `fetch` in somebody's credential a cause.
  if (error instanceof TypeError) return !('code' in error) && error.cause === undefined;
  return ofBatchParser.test(error.message);
}
