import { TimeoutReason } from '../call/abort-reason.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** Why a call that was ended by its caller or its deadline rejects, where no request was on its way. */
export function abortFault(signal: AbortSignal): DriverFault {
  const reason: unknown = signal.reason;
  if (reason instanceof TimeoutReason) return new DriverFault('Timeout', reason.message, { retryable: 'safe' });
  return new DriverFault('Aborted', 'the call was aborted', { cause: reason });
}
