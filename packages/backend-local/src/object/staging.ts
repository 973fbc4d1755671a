import { hasCode, ifThere, lstat, unlink } from '../disk/calls.ts';
import { removeFolder } from '../disk/folders.ts';
import { join } from '../disk/layout.ts';
import type { Task } from '../disk/task.ts';
import type { Store } from '../store.ts';

/** Makes something at a free path in this instance's own directory, where nobody looks; ends with the path. */
export function inStaging(store: Store, make: (path: string) => Task<unknown>): Task<string> {
  return stageWith(store, (path) => endWith(path, make(path)));
}

/** The same; ends with what `make` ends with. */
export function* stageWith<T>(store: Store, make: (path: string) => Task<T>): Task<T> {
  const { owner } = store;
  if (!owner.joined) yield* join(store);
  owner.staged += 1;
  const path = `${owner.directory}/${owner.staged.toString(36)}`;
  try {
    return yield* make(path);
  } catch (error) {
    yield* discard({ path });
    // Somebody may have removed the private directory, or taken us for dead. Anything else is about the file.
    if (!hasCode(error, 'ENOENT') || (yield* lstat(owner.directory)) !== undefined) throw error;
    owner.joined = false;
    return yield* stageWith(store, make);
  }
}

function* endWith<T>(end: T, task: Task<unknown>): Task<T> {
  yield* task;
  return end;
}

/** Removes what was staged and is not needed. */
export function* discard({ path }: { readonly path: string }): Task<void> {
  try {
    yield* ifThere(unlink(path));
  } catch (error) {
    // A session of an upload is a folder.
    if (!hasCode(error, 'EISDIR', 'EPERM')) throw error;
    yield* removeFolder(path);
  }
}
