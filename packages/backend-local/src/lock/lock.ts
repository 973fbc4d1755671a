import { hasCode, ifThere, link, lstat, unlink } from '../disk/calls.ts';
import { join } from '../disk/layout.ts';
import { sleep } from '../disk/sleep.ts';
import { call, type Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import { digest } from '../names/file-name.ts';
import { keyOfLock } from '../names/place.ts';
import { repair } from '../object/repair.ts';
import { place, type Store } from '../store.ts';
import { identityIn, isDead } from './liveness.ts';

/** Between two looks at a lock that another process holds, in milliseconds. */
const firstPauseMs = 1;
const longestPauseMs = 20;

/** Does `work` while nobody else, in no process, changes what `name` stands for. */
export function* locked<T>(store: Store, name: string, signal: AbortSignal, work: () => Task<T>): Task<T> {
  yield* enter(store, name, signal);
  try {
    yield* takeLink(store, name, signal);
    try {
      return yield* work();
    } finally {
      yield* release(store, name);
    }
  } finally {
    leave(store, name);
  }
}

/** Does `work` if nobody holds the lock right now. */
export function* lockedIfFree(store: Store, name: string, work: () => Task<void>): Task<void> {
  if (store.held.has(name)) return;
  store.held.set(name, []);
  try {
    if (!(yield* tryLink(store, pathOf(store, name)))) return;
    try {
      yield* work();
    } finally {
      yield* release(store, name);
    }
  } finally {
    leave(store, name);
  }
}

/** Frees a lock whose owner is dead, after mending what the owner left half done. False when it is not, or not yet, free. */
export function* breakIfDead(store: Store, path: string): Task<boolean> {
  const owner = yield* ownerOf(store, path);
  if (owner?.dead !== true) return false;

  // Whoever breaks this lock of this owner holds a lock on that, or two would break it, the second one a new lock.
  const guard = `${store.roots.locks}/%~break-${digest(`${path} ${owner.id}`)}`;
  if (!(yield* tryLink(store, guard))) return yield* breakIfDead(store, guard);
  try {
    if ((yield* ownerOf(store, path))?.id !== owner.id) return false;
    const key = keyOfLock(path.slice(store.roots.locks.length + 1));
    if (key !== undefined) yield* repair(store, place(store, key));
    yield* ifThere(unlink(path));
    return true;
  } finally {
    yield* ifThere(unlink(guard));
  }
}

/** The owner whose file this is; undefined when there is none. What has no readable owner is dated by `folder`. */
export function* ownerOf(
  store: Store,
  path: string,
  folder: string = path,
): Task<{ readonly id: string; readonly dead: boolean } | undefined> {
  const text = yield* ifThere(readText(path));
  const stats = (yield* lstat(path)) ?? (yield* lstat(folder));
  if (stats === undefined) return undefined;
  const identity = text === undefined ? undefined : identityIn(text);
  const home = (yield* lstat(store.roots.locks))?.ino;
  return { id: identity?.id ?? '', dead: isDead(identity, stats.mtimeMs, home) };
}

function* takeLink(store: Store, name: string, signal: AbortSignal): Task<void> {
  const path = pathOf(store, name);
  for (let pauseMs = firstPauseMs; !(yield* tryLink(store, path)); ) {
    if (yield* breakIfDead(store, path)) continue;
    yield* sleep(pauseMs * (0.5 + Math.random()));
    signal.throwIfAborted();
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
  }
}

function* tryLink(store: Store, path: string): Task<boolean> {
  if (!store.owner.joined) yield* join(store);
  try {
    yield* link(store.owner.file, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (!hasCode(error, 'ENOENT')) throw error;
    // Somebody has removed the private directory, or taken us for dead.
    store.owner.joined = false;
    return yield* tryLink(store, path);
  }
}

function* release(store: Store, name: string): Task<void> {
  yield* ifThere(unlink(pathOf(store, name)));
}

/** Waits for those of this instance who came first: cheaper than asking the disk again and again. */
function* enter(store: Store, name: string, signal: AbortSignal): Task<void> {
  const waiting = store.held.get(name);
  if (waiting === undefined) {
    store.held.set(name, []);
    return;
  }
  signal.throwIfAborted();
  const isMine = yield* call<boolean>('wait', undefined, (done) => {
    const proceed = (): void => {
      signal.removeEventListener('abort', giveUp);
      done(null, true);
    };
    const giveUp = (): void => {
      waiting.splice(waiting.indexOf(proceed), 1);
      done(null, false);
    };
    waiting.push(proceed);
    signal.addEventListener('abort', giveUp, { once: true });
  });
  if (!isMine) signal.throwIfAborted();
}

function leave(store: Store, name: string): void {
  const next = store.held.get(name)?.shift();
  if (next === undefined) store.held.delete(name);
  else next();
}

function pathOf(store: Store, name: string): string {
  return `${store.roots.locks}/${name}`;
}
