import type { BodyInput } from '../body-input.ts';
import type { Call } from '../call.ts';
import { checkFunction, checkOptionNames, describe } from '../check.ts';
import { defined } from '../driver-kit/defined.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import type { SaveResult } from '../file-info.ts';
import type { SaveOptions } from '../options.ts';
import type { RetrievedFile } from '../retrieved-file.ts';
import { backOff } from './back-off.ts';
import { requireCapability } from './require-capability.ts';
import { retrieve } from './retrieve.ts';
import { conditionNames, save, saveOptionNames, saveRequest } from './save.ts';

/** Makes the new body from the current file; undefined leaves the file as it is. Called again when it lost a race. */
export type Updater = (current: RetrievedFile | undefined) => BodyInput | undefined | Promise<BodyInput | undefined>;

/** Rounds of read, change and compare-and-set before the key counts as too busy. */
const rounds = 100;

/** Reads, changes and writes a body, again from the start when somebody else wrote in between. */
export async function update(
  call: Call,
  key: string,
  updater: Updater,
  options: SaveOptions,
): Promise<SaveResult | undefined> {
  requireCapability(call, 'ifMatchPut', 'update');
  requireCapability(call, 'ifAbsentPut', 'update');
  if (checkFunction('fn', updater) === undefined)
    throw new DriverFault('InvalidArgument', 'fn is missing: (current) => new body');
  checkUpdateOptions(call, key, options);
  for (let round = 1; ; round += 1) {
    const current = await currentFile(call, key);
    try {
      const body = await changed(call, updater, current);
      if (body === undefined) return undefined;
      const condition = current === undefined ? { ifAbsent: true } : { ifMatch: current.etag };
      return await save(call, key, body, { ...kept(current), ...defined(options), ...condition });
    } catch (error) {
      if (!lostRace(error)) throw error;
      if (round === rounds) {
        throw new DriverFault('Conflict', `the object changed ${String(rounds)} times while it was updated`, {
          cause: error,
          retryable: 'safe',
        });
      }
    } finally {
      await current?.cancel();
    }
    await backOff(call, round);
  }
}

/** Refuses before the first read what `save` would refuse after it, and a condition: this sets one of its own. */
function checkUpdateOptions(call: Call, key: string, options: SaveOptions): void {
  checkOptionNames(options, saveOptionNames);
  for (const name of conditionNames) {
    if (options[name] === undefined || options[name] === false) continue;
    throw new DriverFault('InvalidArgument', `update compares by itself: ${name} is for save`);
  }
  saveRequest(call, key, options, undefined);
}

/** A new body keeps the headers and metadata of the one that it replaces. */
function kept(current: RetrievedFile | undefined): Partial<SaveOptions> {
  if (current === undefined) return {};
  const { contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage, metadata } = current;
  return { contentType, cacheControl, contentDisposition, contentEncoding, contentLanguage, metadata };
}

async function currentFile(call: Call, key: string): Promise<RetrievedFile | undefined> {
  try {
    return await retrieve(call, key, {});
  } catch (error) {
    if (isStorageError(error) && error.code === 'NotFound') return undefined;
    throw error;
  }
}

async function changed(
  call: Call,
  updater: Updater,
  current: RetrievedFile | undefined,
): Promise<BodyInput | undefined> {
  try {
    return await updater(current);
  } catch (error) {
    // The body that it was given broke, or changed while it was read: that is no fault of the function.
    if (isStorageError(error) && error.operation === call.operation && error.key === call.key) throw error;
    const what = error instanceof Error ? error.message : typeof error === 'string' ? error : describe(error);
    throw call.fault('Unknown', `the function given to update threw: ${what}`, error);
  }
}

function lostRace(error: unknown): boolean {
  if (!isStorageError(error) || error.retryable === 'ambiguous') return false;
  return error.code === 'PreconditionFailed' || error.code === 'AlreadyExists';
}
