import type { Call } from '../call.ts';
import type { CallContext, ListResponse } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { headObject } from './head.ts';

/**
 * Refuses a key that is a directory of another, or has one above it, where the service would hide one of the two.
 * Best effort: what another writer does meanwhile is not seen.
 */
export async function checkKeyConflicts(call: Call, key: string): Promise<void> {
  if (call.capabilities.keyCanBePrefixOfKey !== 'hidden') return;
  const segments = key.split('/');
  const ancestors = segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
  const [taken, hasBelow] = await Promise.all([
    Promise.all(ancestors.map((ancestor) => isTaken(call, ancestor))),
    isFolder(call, key),
  ]);
  const ancestor = ancestors.find((_, index) => taken[index]);
  if (ancestor !== undefined) throw conflict(`${JSON.stringify(ancestor)} is a file`);
  if (hasBelow) throw conflict(`there are files below ${JSON.stringify(`${key}/`)}`);
}

function isTaken(call: Call, key: string): Promise<boolean> {
  return headObject(call, { key }).then(() => true, noneWhereNothingIs);
}

async function isFolder(call: Call, key: string): Promise<boolean> {
  const run = (context: CallContext): Promise<ListResponse> =>
    call.driver.listPage({ prefix: `${key}/`, limit: 1 }, context);
  return call.request({ effect: 'read', run }).then(({ entries }) => entries.length > 0, noneWhereNothingIs);
}

/** In a bucket that is not there nothing is in the way; the write itself creates it, or says that it is missing. */
function noneWhereNothingIs(error: unknown): false {
  if (isStorageError(error) && (error.code === 'NotFound' || error.code === 'BucketNotFound')) return false;
  throw error;
}

function conflict(why: string): DriverFault {
  return new DriverFault('KeyConflict', `${why}, and listings of this service would show only the shorter key`);
}
