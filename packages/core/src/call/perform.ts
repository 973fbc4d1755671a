import type { Call, Operation } from '../call.ts';
import { checkBaseOptions } from '../check.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { BaseOptions } from '../options.ts';
import type { CallState } from './call-state.ts';
import { createCall } from './create-call.ts';
import type { Runtime } from './runtime.ts';

/**
 * Runs one public method: refuses a closed backend and bad base options, then does the work in a call of its own.
 * Rejects with a `StorageError` and nothing else.
 */
export async function perform<T>(
  runtime: Runtime,
  operation: Operation,
  key: unknown,
  options: BaseOptions | undefined,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const call = openCall(runtime, operation, typeof key === 'string' ? key : undefined, options);
  try {
    const result = await work(call);
    call.finish(undefined);
    return result;
  } catch (error) {
    const failure = call.wrap(error);
    call.finish(failure);
    throw failure;
  }
}

function openCall(runtime: Runtime, operation: Operation, key: string | undefined, options: unknown): CallState {
  try {
    if (runtime.lifecycle.closed) throw new DriverFault('Closed', 'this backend was closed; create a new one');
    return createCall(runtime, operation, key, checkBaseOptions(options));
  } catch (error) {
    const call = createCall(runtime, operation, key, {});
    const failure = call.wrap(error);
    call.finish(failure);
    throw failure;
  }
}
