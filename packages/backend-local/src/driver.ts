import { constants } from 'node:fs';
import type { CallContext, StorageDriver } from '@storage/core/driver';
import { capabilitiesOf } from './capabilities.ts';
import { type LocalOptions, parseOptions } from './config.ts';
import { access, hasCode } from './disk/calls.ts';
import { checkBase, inspect, join } from './disk/layout.ts';
import { run } from './disk/run.ts';
import type { Task } from './disk/task.ts';
import { classify } from './errors.ts';
import { listPage } from './listing/page.ts';
import { stopHeartbeat } from './lock/owner.ts';
import { removeOwner, sweep } from './lock/sweep.ts';
import { createMultipart } from './multipart/multipart.ts';
import { copy } from './object/copy.ts';
import { move } from './object/move.ts';
import { put, respondTo } from './object/put.ts';
import { exists, get, head } from './object/read.ts';
import type { FileRecord } from './object/record.ts';
import { remove } from './object/remove.ts';
import { setMetadata } from './object/set-metadata.ts';
import { getTags, setTags } from './object/tags.ts';
import { sign } from './sign/sign.ts';
import { createStore, type Store } from './store.ts';
import { listVersions } from './versions/list.ts';
import { removeVersionById } from './versions/remove.ts';
import { restore, undelete } from './versions/restore.ts';

/** The local backend's conversation with the file system. */
export function createLocalDriver(options: LocalOptions): StorageDriver<string> {
  return driverOf(createStore(parseOptions(options).driver));
}

/** The driver of a store. */
export function driverOf(store: Store): StorageDriver<string> {
  const { settings } = store;

  /** Does a task for a call that has not been given up. */
  async function perform<T>({ signal }: CallContext, task: (signal: AbortSignal) => Task<T>): Promise<T> {
    signal.throwIfAborted();
    return run(store.pace, task(signal));
  }
  async function write({ signal }: CallContext, task: (signal: AbortSignal) => Task<FileRecord>) {
    signal.throwIfAborted();
    return respondTo(store, await run(store.pace, task(signal)));
  }

  return {
    driverApi: 1,
    type: 'local',
    capabilities: capabilitiesOf({ versions: settings.versions !== undefined, powerSafe: settings.powerSafe }),
    secrets: settings.urlKey === undefined ? [] : [settings.urlKey],

    open: (context) => perform(context, () => open(store)),
    check: (context) => perform(context, () => check(store)),

    exists: (request, context) => perform(context, () => exists(store, request)),
    head: (request, context) => perform(context, (signal) => head(store, request, signal)),
    get: (request, context) => perform(context, (signal) => get(store, request, signal)),
    put: (request, { signal }) => put(store, request, signal),
    remove: ({ versionId, ...request }, context) =>
      perform(context, (signal) =>
        versionId === undefined
          ? remove(store, request, signal)
          : removeVersionById(store, { ...request, versionId }, signal),
      ),
    listPage: (request, context) => perform(context, (signal) => listPage(store, request, signal)),

    copy: (request, context) => write(context, (signal) => copy(store, request, signal)),
    move: (request, context) => write(context, (signal) => move(store, request, signal)),
    setMetadata: (request, context) => perform(context, (signal) => setMetadata(store, request, signal)),
    tags: {
      get: (request, context) => perform(context, (signal) => getTags(store, request, signal)),
      set: (request, context) => perform(context, (signal) => setTags(store, request, signal)),
    },
    sign: (request, context) => perform(context, () => sign(store, request)),
    multipart: createMultipart(store),
    ...(settings.versions !== undefined && {
      versions: {
        list: (request, context) => perform(context, (signal) => listVersions(store, request, signal)),
        restore: (request, context) => write(context, (signal) => restore(store, request, signal)),
        undelete: (request, context) => write(context, (signal) => undelete(store, request, signal)),
      },
    }),

    state: async () => ({ versioning: settings.versions === undefined ? 'off' : 'on' }),
    native: async () => settings.basePath,

    async close() {
      store.walks.clear();
      store.histories.clear();
      stopHeartbeat(store.owner);
      if (store.owner.joined) await run(store.pace, removeOwner(store.owner.directory));
      store.owner.joined = false;
    },

    classify,
  };
}

/** Refuses what is no store, and clears up after those who were killed. */
function* open(store: Store): Task<void> {
  yield* inspect(store);
  try {
    yield* sweep(store);
  } catch (error) {
    // A store that may only be read is read as it is.
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
}

/** The store is there, or is made now, and may be read and written. */
function* check(store: Store): Task<void> {
  yield* checkBase(store);
  yield* join(store);
  const { roots } = store;
  for (const folder of [roots.base, roots.data, roots.metadata, roots.staging]) {
    yield* access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  }
}
