import { randomBytes } from 'node:crypto';
import { createText, hasCode, ifThere, link } from '../disk/calls.ts';
import type { Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import { discard, inStaging } from '../object/staging.ts';
import type { Store } from '../store.ts';

const keyBytes = 32;

/** The key that signs URLs: the one of the options, or one that the store keeps to itself for all who share it. */
export function* urlKey(store: Store): Task<Uint8Array> {
  const { settings, roots } = store;
  if (settings.urlKey !== undefined) return Buffer.from(settings.urlKey);
  store.urlKey ??= yield* readKey(`${roots.private}/url-key`);
  store.urlKey ??= yield* makeKey(store, `${roots.private}/url-key`);
  return store.urlKey;
}

function* readKey(path: string): Task<Uint8Array | undefined> {
  const text = yield* ifThere(readText(path));
  const key = Buffer.from(text?.trim() ?? '', 'hex');
  return key.byteLength === keyBytes ? key : undefined;
}

/** Of several processes that make one at the same time, the first wins. */
function* makeKey(store: Store, path: string): Task<Uint8Array> {
  const key = randomBytes(keyBytes);
  const staged = yield* inStaging(store, (free) => createText(free, `${key.toString('hex')}\n`, 0o600));
  try {
    yield* link(staged, path);
    return key;
  } catch (error) {
    const theirs = hasCode(error, 'EEXIST') ? yield* readKey(path) : undefined;
    if (theirs === undefined) throw error;
    return theirs;
  } finally {
    yield* discard({ path: staged });
  }
}
