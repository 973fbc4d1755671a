import type { GetRequest, WriteCondition } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** What conditions are about. */
export interface Matched {
  readonly etag: string;
  /** A Date, or milliseconds since 1970. */
  readonly lastModified: Date | number;
}

/**
 * Refuses a write whose condition does not hold for the object that is there now. For a store that has no conditions
 * of its own, but can check and commit in one step.
 *
 * @example
 * checkWrite(find(request.key), request.condition);
 */
export function checkWrite(current: Matched | undefined, condition: WriteCondition): void {
  if (condition.ifAbsent === true && current !== undefined) {
    throw new DriverFault('AlreadyExists', 'there is an object at this key already');
  }
  checkMatch(current, condition.ifMatch);
  if (condition.ifNoneMatch !== undefined && condition.ifNoneMatch === current?.etag) {
    throw new DriverFault('PreconditionFailed', `the etag is ${current.etag}, which ifNoneMatch excludes`);
  }
}

/** Refuses when `ifMatch` is given and is not the etag of the object. */
export function checkMatch(object: Matched | undefined, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === object?.etag) return;
  const found = object === undefined ? 'there is no object' : `the etag is ${object.etag}`;
  throw new DriverFault('PreconditionFailed', `${found}, not ${ifMatch}`);
}

/** Conditions of a read, in the precedence of RFC 9110 §13.2.2: an etag overrides a date of the same sense. */
export function checkRead(object: Matched, request: Omit<GetRequest, 'key'>): void {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = request;
  checkMatch(object, ifMatch);
  if (ifMatch === undefined && ifUnmodifiedSince !== undefined && modifiedSince(object, ifUnmodifiedSince)) {
    throw new DriverFault('PreconditionFailed', `the object was modified after ${ifUnmodifiedSince.toISOString()}`);
  }
  const unchanged =
    ifNoneMatch === undefined
      ? ifModifiedSince !== undefined && !modifiedSince(object, ifModifiedSince)
      : ifNoneMatch === object.etag;
  if (unchanged) throw new DriverFault('NotModified', 'the object has not changed');
}

// In whole seconds, as on every service: their dates are HTTP dates.
function modifiedSince(object: Matched, date: Date): boolean {
  return Math.floor(Number(object.lastModified) / 1000) > Math.floor(date.getTime() / 1000);
}
