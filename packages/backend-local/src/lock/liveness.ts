import { parseJson } from '../disk/json.ts';
import { type OwnerIdentity, ownIdentity, processStart } from './owner.ts';

/** Who cannot be seen from here is dead when it was silent for so long, in milliseconds. */
const silenceMs = 5 * 60_000;

/** The identity in an owner's file; undefined when it is not written yet. */
export function identityIn(text: string): OwnerIdentity | undefined {
  const identity = parseJson(text) as Partial<OwnerIdentity> | null | undefined;
  return typeof identity?.id === 'string' && typeof identity.pid === 'number' ? (identity as OwnerIdentity) : undefined;
}

/**
 * Whether an owner will never act again.
 *
 * @param touchedAt when it last showed itself, in milliseconds since 1970
 * @param home the inode of the folder of locks
 */
export function isDead(owner: OwnerIdentity | undefined, touchedAt: number, home: number | undefined): boolean {
  const isSilent = Date.now() - touchedAt > silenceMs;
  // Its locks were copied with the store while it lived, and it lives on elsewhere.
  if (isSilent && owner?.home !== home) return true;
  const here = ownIdentity();
  if (owner?.boot !== here.boot || owner.pidNamespace !== here.pidNamespace) return isSilent;
  if (here.started !== '') return processStart(owner.pid) !== owner.started;
  // Without start times a process that has got the same number looks alive, but does not touch the file.
  return !isRunning(owner.pid) || isSilent;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
