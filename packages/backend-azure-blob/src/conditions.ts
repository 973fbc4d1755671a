import type { BlobRequestConditions } from '@azure/storage-blob';
import { defined, named, type WriteCondition } from '@storage/core/driver';
import { statusOf } from './errors.ts';

/** The condition of a write, in the words of the SDK. */
export function writeConditions(condition: WriteCondition): BlobRequestConditions {
  if (condition.ifAbsent === true) return { ifNoneMatch: '*' };
  return defined({ ifMatch: condition.ifMatch, ifNoneMatch: condition.ifNoneMatch });
}

/** The service refuses a create-only write with 409, in some cases with 412: then the error gets its right name. */
export function namingLostRace(error: unknown, condition: WriteCondition): unknown {
  return condition.ifAbsent === true && statusOf(error) === 412 ? named(error, 'AlreadyExists') : error;
}
