import {
  checkMatch as checkMatched,
  checkRead as checkReadOf,
  checkWrite as checkWriteOf,
  DriverFault,
  type GetRequest,
  type WriteCondition,
} from '@storage/core/driver';
import { etagOf, lastModifiedOf, type Stamp } from './stamp.ts';

/** Refuses a write whose condition does not hold for what is there now. */
export function checkWrite(current: Stamp | undefined, condition: WriteCondition): void {
  checkWriteOf(current && matched(current), condition);
}

export function alreadyExists(): DriverFault {
  return new DriverFault('AlreadyExists', 'there is an object at this key already');
}

/** Refuses when `ifMatch` is given and is not the etag of the object. */
export function checkMatch(current: Stamp | undefined, ifMatch: string | undefined): void {
  checkMatched(current && matched(current), ifMatch);
}

/** Conditions of a read: an etag outweighs a date of the same sense, as in HTTP. */
export function checkRead(record: Stamp, request: Omit<GetRequest, 'key'>): void {
  checkReadOf(matched(record), request);
}

/** What conditions are about, made only when one is asked for: most calls have none. */
function matched(stamp: Stamp): { readonly etag: string; readonly lastModified: Date } {
  return {
    get etag() {
      return etagOf(stamp);
    },
    get lastModified() {
      return lastModifiedOf(stamp);
    },
  };
}
