import { DriverFault, type GetRequest, type WriteCondition } from '@storage/core/driver';
import { etagOf, lastModifiedOf, type Stamp } from './stamp.ts';

/** Refuses a write whose condition does not hold for what is there now. */
export function checkWrite(current: Stamp | undefined, condition: WriteCondition): void {
  if (condition.ifAbsent === true && current !== undefined) throw alreadyExists();
  checkMatch(current, condition.ifMatch);
  if (condition.ifNoneMatch !== undefined && current !== undefined && isEtag(current, condition.ifNoneMatch)) {
    throw new DriverFault('PreconditionFailed', 'the object still has the etag that ifNoneMatch excludes');
  }
}

export function alreadyExists(): DriverFault {
  return new DriverFault('AlreadyExists', 'there is an object at this key already');
}

/** Refuses when `ifMatch` is given and is not the etag of the object. */
export function checkMatch(current: Stamp | undefined, ifMatch: string | undefined): void {
  if (ifMatch === undefined || (current !== undefined && isEtag(current, ifMatch))) return;
  const found = current === undefined ? 'there is no object' : `the etag is ${etagOf(current)}`;
  throw new DriverFault('PreconditionFailed', `${found}, not ${ifMatch}`);
}

/** Conditions of a read: an etag outweighs a date of the same sense, as in HTTP. */
export function checkRead(record: Stamp, request: Omit<GetRequest, 'key'>): void {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = request;
  checkMatch(record, ifMatch);
  if (ifMatch === undefined && ifUnmodifiedSince !== undefined && isModifiedSince(record, ifUnmodifiedSince)) {
    throw new DriverFault('PreconditionFailed', `the object was modified after ${ifUnmodifiedSince.toISOString()}`);
  }
  const isUnchanged =
    ifNoneMatch === undefined
      ? ifModifiedSince !== undefined && !isModifiedSince(record, ifModifiedSince)
      : isEtag(record, ifNoneMatch);
  if (isUnchanged) throw new DriverFault('NotModified', 'the object has not changed');
}

function isEtag(record: Stamp, etag: string): boolean {
  return etag === etagOf(record);
}

/** In whole seconds, which is what dates in HTTP have. */
function isModifiedSince(record: Stamp, date: Date): boolean {
  return Math.floor(lastModifiedOf(record).getTime() / 1000) > Math.floor(date.getTime() / 1000);
}
