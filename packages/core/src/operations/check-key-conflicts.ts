import type { Call } from '../call.ts';
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
  const [taken, below] = await Promise.all([
    Promise.all(ancestors.map((ancestor) => isTaken(call, ancestor))),
    call.request({ effect: 'read', run: (context) => call.driver.listPage({ prefix: `${key}/`, limit: 1 }, context) }),
  ]);
  const ancestor = ancestors.find((_, index) => taken[index]);
  if (ancestor !== undefined) throw conflict(`${JSON.stringify(ancestor)} is a file`);
  if (below.entries.length > 0) throw conflict(`there are files below ${JSON.stringify(`${key}/`)}`);
}

async function isTaken(call: Call, key: string): Promise<boolean> {
  try {
    await headObject(call, { key });
    return true;
  } catch (error) {
    if (isStorageError(error) && error.code === 'NotFound') return false;
    throw error;
  }
}

function conflict(why: string): DriverFault {
  return new DriverFault('KeyConflict', `${why}, and listings of this service would show only the shorter key`);
}
