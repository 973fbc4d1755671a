import { DriverFault } from '@storage/core/driver';
import { statusOf } from './errors.ts';

/**
 * Awaits an answer that has a document, of which half may be missing although its status says success: a gateway cut it,
 * or it is of somebody else. Nobody knows then what the service did.
 */
export async function whole<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if ((statusOf(error) ?? 500) >= 300) throw error;
    throw new DriverFault('Unavailable', `the service answered with half ${what}`, {
      retryable: 'ambiguous',
      cause: error,
    });
  }
}
