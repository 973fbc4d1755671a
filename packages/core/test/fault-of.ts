import { isDriverFault } from '../src/errors/driver-fault.ts';

/** The code and message of the fault that a function throws; fails when it throws none. */
export function faultOf(act: () => unknown): {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
} {
  try {
    act();
  } catch (error) {
    if (!isDriverFault(error)) throw error;
    const { code, hint } = error.classification;
    return { code, message: error.message, hint: hint ?? '' };
  }
  throw new Error('it threw nothing');
}
