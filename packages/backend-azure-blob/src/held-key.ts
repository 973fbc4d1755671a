import { DriverFault } from '@storage/core/driver';

const endsInDot = /\.(?:\/|$)/;

/**
 * A key that is the same to the service, whoever sends it; every address of a blob is made of one. Others are names of
 * other blobs there: a backslash is a slash, and dots at the end of a segment are dropped, so that `a.` would be
 * written over `a`. Azurite keeps those.
 *
 * https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#blob-names
 */
export function heldKey(key: string): string {
  if (key.includes('\\')) throw refused('this service takes a backslash for "/" and would use another key');
  if (endsInDot.test(key)) throw refused('this service drops a "." at the end of a segment and would use another key');
  return key;
}

function refused(message: string): DriverFault {
  return new DriverFault('InvalidKey', message);
}
