import type { Call } from '../call.ts';
import type { Capabilities } from '../capabilities.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** Rejects `Unsupported` unless the capability is claimed; `what` names the method or option that needs it. */
export function requireCapability(call: Call, capability: keyof Capabilities, what: string): void {
  if (call.capabilities[capability] !== false) return;
  throw new DriverFault(
    'Unsupported',
    `${what} is not something that ${call.driver.type} can do; capabilities.${capability} is false`,
  );
}

/** Options, and the capability that each needs. */
export type Gates = readonly (readonly [option: string, capability: keyof Capabilities])[];

/** Rejects `Unsupported` when an option is given that the backend does not claim. `false` and `undefined` are not given. */
export function requireForOption(call: Call, options: object, gates: Gates): void {
  const given = options as Readonly<Record<string, unknown>>;
  for (const [option, capability] of gates) {
    const value = given[option];
    if (value !== undefined && value !== false) requireCapability(call, capability, `the option ${option}`);
  }
}

/** Rejects `Unsupported` where versions exist only when they are switched on, and they are not. */
export async function requireVersioning(call: Call, what: string): Promise<void> {
  requireCapability(call, 'versions', what);
  const { driver } = call;
  if (call.capabilities.versions !== 'if-enabled' || driver.state === undefined) return;
  const state = await call.request({
    effect: 'read',
    run: (context) => driver.state?.(context) ?? Promise.resolve({ versioning: 'unknown' as const }),
  });
  if (state.versioning !== 'off') return;
  throw new DriverFault('Unsupported', `${what} needs versioning, which is off in this bucket`, {
    hint: 'turn it on with enableVersioning() or in the settings of the account',
  });
}
