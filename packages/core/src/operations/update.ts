import type { BodyInput } from '../body-input.ts';
import type { Call } from '../call.ts';
import { checkFunction } from '../check.ts';
import { DriverFault } from '../errors/driver-fault.ts';
import { isStorageError } from '../errors/storage-error.ts';
import type { SaveResult } from '../file-info.ts';
import type { SaveOptions } from '../options.ts';
import type { RetrievedFile } from '../retrieved-file.ts';
import { backOff } from './back-off.ts';
import { requireCapability } from './require-capability.ts';
import { retrieve } from './retrieve.ts';
import { save } from './save.ts';

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
  for (let round = 1; ; round += 1) {
    const current = await currentFile(call, key);
    try {
      const body = await changed(call, updater, current);
      if (body === undefined) return undefined;
      const condition = current === undefined ? { ifAbsent: true } : { ifMatch: current.etag };
      return await save(call, key, body, { ...kept(current), ...options, ...condition });
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
    throw call.fault(
      'Unknown',
      `the function given to update threw: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}

function lostRace(error: unknown): boolean {
  if (!isStorageError(error) || error.retryable === 'ambiguous') return false;
  return error.code === 'PreconditionFailed' || error.code === 'AlreadyExists';
}
