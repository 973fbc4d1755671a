import { DriverFault, isDriverFault } from '../errors/driver-fault.ts';

/** The error that a write rejects with when its source fails: nothing was stored, and no attempt can mend it. */
export function bodyFailure(error: unknown): DriverFault {
  if (isDriverFault(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DriverFault('Unknown', `the body failed, and nothing was stored: ${message}`, { cause: error });
}
