import type { Call } from '../call.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** The client of the service's SDK. */
export async function native<Native>(call: Call): Promise<Native> {
  const ask = call.driver.native?.bind(call.driver);
  if (ask === undefined) {
    throw new DriverFault('Unsupported', `${call.driver.type} has no client of an SDK underneath`);
  }
  return call.request({ effect: 'read', run: () => ask() as Promise<Native> });
}
