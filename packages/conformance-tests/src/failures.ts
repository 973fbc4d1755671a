import assert from 'node:assert/strict';
import type { ErrorCode, StorageError } from '@storage/core';
import { isStorageError } from '@storage/core';

/** What a call that may fail, but only with one of these codes, failed with; undefined when it resolved. */
export async function failureOf(
  call: Promise<unknown>,
  ...codes: readonly ErrorCode[]
): Promise<StorageError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return assertCode(error, ...codes);
  }
}

/** Asserts that what was caught is a `StorageError` of one of the codes. */
export function assertCode(error: unknown, ...codes: readonly ErrorCode[]): StorageError {
  assert.ok(isStorageError(error), `a StorageError ${codes.join(' or ')}, not ${String(error)}`);
  assert.ok(codes.includes(error.code), `${codes.join(' or ')}, not ${error.code}: ${error.message}`);
  return error;
}

/** Places of the calls that resolved; the others failed with this code. */
export function winnersOf(settled: readonly PromiseSettledResult<unknown>[], code: ErrorCode): number[] {
  return settled.flatMap((outcome, index) => {
    if (outcome.status === 'fulfilled') return [index];
    assertCode(outcome.reason, code);
    return [];
  });
}
