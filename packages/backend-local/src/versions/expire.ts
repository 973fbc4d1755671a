import { ifThere, readdir } from '../disk/calls.ts';
import { parseJson } from '../disk/json.ts';
import type { Task } from '../disk/task.ts';
import { readText } from '../disk/text.ts';
import { locked } from '../lock/lock.ts';
import { place, type Store } from '../store.ts';
import { applyRetention } from './archive.ts';

/**
 * Applies the retention to every key, those that were deleted too: a write only looks at the versions of its own key.
 * Gives the number of keys that have versions.
 */
export function* expireVersions(store: Store, signal: AbortSignal): Task<number> {
  return store.settings.versions === undefined ? 0 : yield* expireBelow(store, store.roots.versions, signal);
}

function* expireBelow(store: Store, folder: string, signal: AbortSignal): Task<number> {
  let keys = 0;
  let firstRecord: string | undefined;
  for (const entry of (yield* ifThere(readdir(folder))) ?? []) {
    signal.throwIfAborted();
    if (entry.isDirectory()) keys += yield* expireBelow(store, `${folder}/${entry.name}`, signal);
    else if (entry.name.endsWith('.json')) firstRecord ??= `${folder}/${entry.name}`;
  }
  const key = firstRecord && (yield* keyIn(firstRecord));
  if (key === undefined || key === '') return keys;
  const where = place(store, key);
  if (where.versions.path !== folder) return keys;
  yield* locked(store, where.lock, signal, () => applyRetention(store, where));
  return keys + 1;
}

function* keyIn(recordPath: string): Task<string | undefined> {
  const text = yield* ifThere(readText(recordPath));
  const known = text === undefined ? undefined : (parseJson(text) as { readonly key?: unknown } | null | undefined);
  return typeof known?.key === 'string' ? known.key : undefined;
}
