import type { Call } from '../call.ts';
import { checkOptionNames } from '../check.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { BaseOptions } from '../options.ts';

/** The client of the service's SDK. */
export async function native<Native>(call: Call, options: BaseOptions): Promise<Native> {
  checkOptionNames(options, []);
  const ask = call.driver.native?.bind(call.driver);
  if (ask === undefined) {
    throw new DriverFault('Unsupported', `${call.driver.type} has no client of an SDK underneath`);
  }
  return call.request({ effect: 'read', run: () => ask() as Promise<Native> });
}
