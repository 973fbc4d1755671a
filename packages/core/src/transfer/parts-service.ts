import type { Call } from '../call.ts';
import type { MultipartCapability } from '../capabilities.ts';
import type { MultipartMember, WriteCondition } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isConditional } from '../operations/write-condition.ts';
import { tooLarge } from './part-size.ts';

/** A service that takes a write in parts. */
export interface PartsService {
  readonly limits: MultipartCapability;
  readonly member: MultipartMember;
}

/** How the service takes a write in parts; undefined when it does not, or would not enforce the condition then. */
export function partsFor({ capabilities, driver }: Call, condition: WriteCondition): PartsService | undefined {
  const { multipart: limits } = capabilities;
  const { multipart: member } = driver;
  if (limits === false || member === undefined) return undefined;
  if (isConditional(condition) && !limits.conditionalComplete) return undefined;
  return { limits, member };
}

/** The same for a body of `size` bytes that must go in parts; throws `Unsupported` that says what keeps it from that. */
export function requireParts(call: Call, condition: WriteCondition, size: number): PartsService {
  const parts = partsFor(call, condition);
  if (parts !== undefined) return parts;
  const { multipart, singlePut } = call.capabilities;
  if (multipart === false) throw tooLarge(size, singlePut.maxSize);
  throw conditionTooLarge(`the body has ${size} bytes`, singlePut.maxSize);
}

/** Why a stream of unknown size cannot be stored: more came than was buffered, and there are no parts for it. */
export function streamTooLarge(call: Call, condition: WriteCondition, buffered: number): DriverFault {
  if (call.capabilities.multipart !== false && isConditional(condition)) {
    return conditionTooLarge(`the body is a stream of more than ${buffered} bytes`, buffered);
  }
  return new DriverFault('Unsupported', `this backend needs the size of a body of more than ${buffered} bytes`, {
    hint: 'pass the option size',
  });
}

function conditionTooLarge(what: string, most: number): DriverFault {
  return new DriverFault('Unsupported', `${what}; this backend enforces a condition only up to ${most} bytes`, {
    hint: 'save without ifAbsent, ifMatch and ifNoneMatch, or give the size of a stream',
  });
}
