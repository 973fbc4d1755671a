import pMap from 'p-map';
import type { Call } from '../call.ts';
import { checkOptionNames, checkPositiveInteger, describe } from '../check.ts';
import type { RemoveOutcome } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import { checkKey } from '../keys.ts';
import type { DeleteManyOptions, DeleteOutcome } from '../options.ts';
import { claimed } from './claimed.ts';
import { removeObject } from './delete.ts';

const defaultConcurrency = 8;

/** Deletes keys: one outcome each, in the order given; one failure does not stop the others. */
export async function deleteMany(
  call: Call,
  keys: readonly string[],
  options: DeleteManyOptions,
): Promise<DeleteOutcome[]> {
  checkOptionNames(options, ['concurrency']);
  if (!Array.isArray(keys)) throw new DriverFault('InvalidArgument', 'keys must be an array of keys');
  const concurrency = checkPositiveInteger('concurrency', options.concurrency) ?? defaultConcurrency;
  // A copy: the caller may change the array meanwhile, and its holes are keys that are refused.
  return removeKeys(call, Array.from(keys), concurrency);
}

/** The same, for keys that come from a listing or were checked. */
export async function removeKeys(call: Call, keys: readonly string[], concurrency: number): Promise<DeleteOutcome[]> {
  const outcomes: DeleteOutcome[] = [];
  const valid: number[] = [];
  keys.forEach((key, index) => {
    const refused = refusal(call, key);
    if (refused === undefined) valid.push(index);
    else outcomes[index] = refused;
  });
  const batch = call.capabilities.batchDelete === false ? 1 : call.capabilities.batchDelete;
  const groups = chunked(valid, batch);
  await pMap(
    groups,
    async (group) => {
      const members = group.map((index) => keys[index] as string);
      const results = await removeGroup(call, members);
      group.forEach((index, place) => {
        outcomes[index] = results[place] as DeleteOutcome;
      });
    },
    { concurrency },
  );
  return outcomes;
}

function refusal(call: Call, key: unknown): DeleteOutcome | undefined {
  try {
    checkKey(key, 'read', call.capabilities);
    return undefined;
  } catch (error) {
    const name = typeof key === 'string' ? key : describe(key);
    return { key: name, ok: false, error: call.faultOf(name, error) };
  }
}

async function removeGroup(call: Call, keys: readonly string[]): Promise<DeleteOutcome[]> {
  if (call.driver.removeMany === undefined) return Promise.all(keys.map((key) => removeAlone(call, key)));
  const results = await removeBatch(call, keys);
  const outcomes: DeleteOutcome[] = [];
  // One after the other: together they would be more requests at once than were asked for.
  for (const [index, key] of keys.entries()) outcomes.push(await outcomeOf(call, key, results[index]));
  return outcomes;
}

async function removeBatch(call: Call, keys: readonly string[]): Promise<readonly RemoveOutcome[]> {
  let attempts = 0;
  try {
    const results = await call.request({
      effect: 'write',
      run: (context) => {
        attempts = context.attempt;
        return claimed(call.driver.removeMany?.({ keys }, context), 'removeMany');
      },
    });
    return attempts > 1
      ? results.map((result) => ('error' in result ? result : { ...result, existed: undefined }))
      : results;
  } catch (error) {
    if (call.signal.aborted) throw error;
    return keys.map(() => ({ error }));
  }
}

async function outcomeOf(call: Call, key: string, result: RemoveOutcome | undefined): Promise<DeleteOutcome> {
  if (result === undefined) {
    return {
      key,
      ok: false,
      error: call.faultOf(key, new DriverFault('Unknown', 'the service gave no outcome for this key')),
    };
  }
  if (!('error' in result)) return { key, ok: true, existed: result.existed };
  const error = call.faultOf(key, result.error);
  // The batch was one attempt for this key; a fault that may pass is tried again, alone.
  if (error.retryable !== 'no' && !isStorageError(result.error)) return forgetful(await removeAlone(call, key));
  return { key, ok: false, error };
}

/** A delete that was tried before no longer knows whether the object existed. */
function forgetful(outcome: DeleteOutcome): DeleteOutcome {
  return outcome.ok ? { ...outcome, existed: undefined } : outcome;
}

async function removeAlone(call: Call, key: string): Promise<DeleteOutcome> {
  try {
    const { existed } = await removeObject(call, { key });
    return { key, ok: true, existed };
  } catch (error) {
    if (call.signal.aborted) throw error;
    return { key, ok: false, error: call.faultOf(key, error) };
  }
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
