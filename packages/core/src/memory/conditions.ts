import type { GetRequest, WriteCondition } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import type { StoredObject } from './revision.ts';

/** Refuses a write whose condition does not hold for the object that is there now. */
export function checkWrite(current: StoredObject | undefined, condition: WriteCondition): void {
  if (condition.ifAbsent === true && current !== undefined) {
    throw new DriverFault('AlreadyExists', 'there is an object at this key already');
  }
  checkMatch(current, condition.ifMatch);
  if (condition.ifNoneMatch !== undefined && condition.ifNoneMatch === current?.etag) {
    throw new DriverFault('PreconditionFailed', `the etag is ${current.etag}, which ifNoneMatch excludes`);
  }
}

/** Refuses when `ifMatch` is given and is not the etag of the object. */
export function checkMatch(object: StoredObject | undefined, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === object?.etag) return;
  const found = object === undefined ? 'there is no object' : `the etag is ${object.etag}`;
  throw new DriverFault('PreconditionFailed', `${found}, not ${ifMatch}`);
}

/** Conditions of a read, in the precedence of RFC 9110 §13.2.2: an etag overrides a date of the same sense. */
export function checkRead(object: StoredObject, request: Omit<GetRequest, 'key'>): void {
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
function modifiedSince(object: StoredObject, date: Date): boolean {
  return Math.floor(object.lastModified / 1000) > Math.floor(date.getTime() / 1000);
}
