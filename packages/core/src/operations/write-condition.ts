import type { Call } from '../call.ts';
import { checkEtag, checkFlag } from '../check.ts';
import type { WriteCondition } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { type Gates, requireForOption } from './require-capability.ts';

const gates: Gates = [
  ['ifAbsent', 'ifAbsentPut'],
  ['ifMatch', 'ifMatchPut'],
  ['ifNoneMatch', 'ifNoneMatchPut'],
];

/** Of writes that have none. */
const unconditional: WriteCondition = Object.freeze({});

/** The condition that a save's options ask for, refused where the backend cannot enforce it. */
export function writeCondition(
  call: Call,
  options: { readonly ifAbsent?: unknown; readonly ifMatch?: unknown; readonly ifNoneMatch?: unknown },
): WriteCondition {
  requireForOption(call, options, gates);
  return oneCondition(options);
}

/** Checks shape, and that at most one condition is given. */
export function oneCondition(options: {
  readonly ifAbsent?: unknown;
  readonly ifMatch?: unknown;
  readonly ifNoneMatch?: unknown;
}): WriteCondition {
  const ifAbsent = checkFlag('ifAbsent', options.ifAbsent);
  const ifMatch = checkEtag('ifMatch', options.ifMatch);
  const ifNoneMatch = checkEtag('ifNoneMatch', options.ifNoneMatch);
  if (!ifAbsent && ifMatch === undefined && ifNoneMatch === undefined) return unconditional;
  const given = [ifAbsent ? 'ifAbsent' : '', ifMatch ? 'ifMatch' : '', ifNoneMatch ? 'ifNoneMatch' : ''].filter(
    Boolean,
  );
  if (given.length > 1) {
    throw new DriverFault('InvalidArgument', `${given.join(' and ')} cannot be given together: pass one of them`);
  }
  if (ifAbsent) return { ifAbsent: true };
  if (ifMatch !== undefined) return { ifMatch };
  return ifNoneMatch === undefined ? {} : { ifNoneMatch };
}

/** Whether a write has a condition. */
export function isConditional(condition: WriteCondition): boolean {
  return condition.ifAbsent === true || condition.ifMatch !== undefined || condition.ifNoneMatch !== undefined;
}
