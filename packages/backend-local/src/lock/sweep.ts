import { hasCode, ifThere, lstat, readSmallDirectory } from '../disk/calls.ts';
import { removeFolder } from '../disk/folders.ts';
import type { Task } from '../disk/task.ts';
import type { Store } from '../store.ts';
import { breakIfDead, ownerOf } from './lock.ts';

/** What a sweep removed. */
export interface Swept {
  /** Instances that had been killed. */
  readonly owners: number;
  readonly locks: number;
  readonly stagedFiles: number;
}

/** Removes what killed processes left in the private directory, and mends the keys that they were changing. */
export function* sweep(store: Store): Task<Swept> {
  const { staging, locks } = store.roots;
  const swept = { owners: 0, locks: 0, stagedFiles: 0 };
  const dead: string[] = [];
  for (const id of (yield* ifThere(readSmallDirectory(staging))) ?? []) {
    if (id !== store.owner.id && (yield* isDeadOwner(store, `${staging}/${id}`))) dead.push(id);
  }
  if (dead.length === 0) return swept;

  // Locks first: while their owner's directory is there, another sweep finds what this one left.
  for (const name of (yield* ifThere(readSmallDirectory(locks))) ?? []) {
    if (yield* breakIfDead(store, `${locks}/${name}`)) swept.locks += 1;
  }
  for (const id of dead) {
    swept.stagedFiles += yield* removeOwner(`${staging}/${id}`);
    swept.owners += 1;
  }
  return swept;
}

function* isDeadOwner(store: Store, directory: string): Task<boolean> {
  if ((yield* ownerOf(store, `${directory}/owner`, directory))?.dead !== true) return false;
  // A file is nobody of ours.
  return (yield* lstat(directory))?.isDirectory() === true;
}

/** Removes the directory of an owner; gives the number of files that it had staged. */
export function* removeOwner(directory: string): Task<number> {
  try {
    return Math.max(0, (yield* removeFolder(directory)) - 1);
  } catch (error) {
    // It was alive after all, and has staged another file: what it has now is its own again.
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST')) return 0;
    throw error;
  }
}
