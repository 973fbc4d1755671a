import type { Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DriverFault } from '@storage/core/driver';
import { type Owner, ownIdentity, startHeartbeat } from '../lock/owner.ts';
import type { Store } from '../store.ts';
import { createText, hasCode, ifThere, lstat, mkdir, realpath } from './calls.ts';
import { syncFolder } from './folders.ts';
import type { Task } from './task.ts';

/** Only the owner of the process may look at staged files and the signing key. */
const privateMode = 0o700;

/** Makes the directories of the store that are missing, and this instance's own. */
export function* join(store: Store): Task<void> {
  const { roots, owner, settings } = store;
  yield* makeBase(store);
  yield* makeRoot(roots.data);
  yield* makeRoot(roots.metadata);
  if (settings.versions !== undefined) yield* makeRoot(roots.versions);
  for (const folder of [roots.private, roots.staging, roots.locks, roots.uploads, owner.directory]) {
    yield* makeRoot(folder, privateMode);
  }
  store.ignoresCase = yield* ignoresCase(roots.data);
  yield* makeOwnerFile(owner, (yield* lstat(roots.locks))?.ino);
  if (settings.powerSafe) yield* syncFolder(roots.base);
  owner.joined = true;
  startHeartbeat(owner);
}

/**
 * On a full disk the file stays empty, which is enough for locks, so that what is stored can still be deleted: others go
 * by its time, which the heartbeat renews.
 */
function* makeOwnerFile({ id, file }: Owner, home: number | undefined): Task<void> {
  try {
    yield* createText(file, JSON.stringify({ id, home, ...ownIdentity() }));
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (!hasCode(error, 'ENOSPC', 'EDQUOT') || (yield* lstat(file)) === undefined) throw error;
  }
}

/** Looks at a store without changing it: refuses what is no store, and finds out how its disk treats names. */
export function* inspect(store: Store): Task<void> {
  const { roots } = store;
  if (!(yield* isThere(store))) return;
  for (const folder of [roots.data, roots.metadata, roots.versions, roots.private]) {
    const stats = yield* lstat(folder);
    if (stats !== undefined && !stats.isDirectory()) throw notAFolder(basename(folder));
  }
  store.ignoresCase = yield* ignoresCase(roots.data);
}

/** What a read must know that finds nothing: whether it is the store that is missing. */
export function* checkBase(store: Store): Task<void> {
  if (!(yield* isThere(store)) && !store.settings.create) throw bucketNotFound(store);
}

function* isThere({ settings }: Store): Task<boolean> {
  const stats = yield* lstat(settings.basePath);
  if (stats === undefined) return false;
  // The base itself may be a link: that is the choice of whoever configured it.
  const target = stats.isSymbolicLink() ? yield* targetOf(settings.basePath) : stats;
  if (target?.isDirectory() === true) return true;
  throw notABase(settings.basePath);
}

function* targetOf(link: string): Task<Stats | undefined> {
  const path = yield* ifThere(realpath(link));
  return path === undefined ? undefined : yield* lstat(path);
}

function* makeBase(store: Store): Task<void> {
  if (yield* isThere(store)) return;
  if (!store.settings.create) throw bucketNotFound(store);
  try {
    yield* makeTree(store.settings.basePath);
  } catch (error) {
    throw hasCode(error, 'ENOTDIR') ? notABase(store.settings.basePath) : error;
  }
}

function* makeTree(folder: string): Task<void> {
  try {
    yield* mkdir(folder);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (!hasCode(error, 'ENOENT') || dirname(folder) === folder) throw error;
    yield* makeTree(dirname(folder));
    yield* makeTree(folder);
  }
}

function* makeRoot(folder: string, mode?: number): Task<void> {
  try {
    yield* mkdir(folder, mode);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    const stats = yield* lstat(folder);
    if (stats?.isDirectory() !== true) throw notAFolder(basename(folder));
  }
}

/** Whether a folder of ours answers to another spelling of its name as well. */
function* ignoresCase(folder: string): Task<boolean> {
  const [asMade, otherwise] = [
    yield* lstat(folder),
    yield* lstat(`${dirname(folder)}/${basename(folder).toUpperCase()}`),
  ];
  return asMade !== undefined && asMade.ino === otherwise?.ino && asMade.dev === otherwise.dev;
}

function bucketNotFound({ settings }: Store): DriverFault {
  return new DriverFault('BucketNotFound', `there is no folder ${settings.basePath}`, {
    hint: 'create it, or leave out create: false',
  });
}

function notABase(basePath: string): DriverFault {
  return new DriverFault('InvalidConfig', `basePath ${basePath} is no folder`);
}

function notAFolder(name: string): DriverFault {
  return new DriverFault('InvalidConfig', `${name} in basePath is no folder; a symbolic link is not accepted there`);
}
