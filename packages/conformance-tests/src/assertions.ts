import assert from 'node:assert/strict';
import type { ErrorCode, FileInfo, StorageBackend, StorageError } from '@storage/core';
import { isStorageError } from '@storage/core';
import type { CaseContext } from './case.ts';

/** Asserts that a call rejects with a `StorageError` of one of the codes; resolves to it. */
export async function expectCode(
  call: Promise<unknown> | (() => Promise<unknown>),
  ...codes: readonly ErrorCode[]
): Promise<StorageError> {
  return assertCode(await rejectionOf(call), ...codes);
}

/** Asserts that an error is a `StorageError` of one of the codes; returns it. */
export function assertCode(error: unknown, ...codes: readonly ErrorCode[]): StorageError {
  assert.ok(isStorageError(error), `a StorageError ${codes.join(' or ')}, not ${String(error)}`);
  if (!codes.includes(error.code)) assert.fail(`${codes.join(' or ')}, not ${error.code}: ${error.message}`);
  return error;
}

/** What a call rejects with; fails when it resolves. */
export async function rejectionOf(call: Promise<unknown> | (() => Promise<unknown>)): Promise<unknown> {
  let value: unknown;
  try {
    value = await (typeof call === 'function' ? call() : call);
  } catch (error) {
    return error;
  }
  return assert.fail(`must reject, and resolved to ${describe(value)}`);
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? Object.keys(value).join(', ') : String(value);
}

/** Asserts equal bytes, and names the first place that differs. */
export function sameBytes(actual: Uint8Array, expected: Uint8Array, what = 'body'): void {
  const a = Buffer.from(actual.buffer, actual.byteOffset, actual.byteLength);
  const b = Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength);
  if (a.equals(b)) return;
  const at = a.findIndex((byte, index) => byte !== b[index]);
  assert.fail(
    `${what}: ${a.byteLength} bytes for ${b.byteLength}, first difference at ${at === -1 ? b.byteLength : at}`,
  );
}

/** Reads a whole object. */
export async function read(backend: StorageBackend, key: string): Promise<Uint8Array> {
  return (await backend.retrieve(key)).bytes();
}

/** Asserts that an object is there with exactly these bytes. */
export async function holds(backend: StorageBackend, key: string, expected: Uint8Array): Promise<void> {
  sameBytes(await read(backend, key), expected, key);
}

/** Info of an object that must be there. */
export async function headOf(backend: StorageBackend, key: string): Promise<FileInfo> {
  const info = await backend.getMetadata(key);
  assert.ok(info, `${key} is there`);
  return info;
}

/** Every key under a prefix. */
export async function keysUnder(backend: StorageBackend, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const entry of backend.walk(prefix)) found.push(entry.key);
  return found;
}

/** Asserts that no method sees an object at `key`. */
export async function absent(backend: StorageBackend, key: string): Promise<void> {
  assert.equal(await backend.exists(key), false, `${key} does not exist`);
  assert.equal(await backend.getMetadata(key), undefined, `${key} has no info`);
  await expectCode(backend.retrieve(key), 'NotFound');
  const listed = await keysUnder(backend, key);
  assert.ok(!listed.includes(key), `${key} is not listed`);
}

/** Everything that can be read of one object, for comparison. */
export async function snapshot(
  backend: StorageBackend,
  key: string,
): Promise<{ readonly info: FileInfo; readonly bytes: Uint8Array } | undefined> {
  const info = await backend.getMetadata(key);
  if (info === undefined) return undefined;
  return { info, bytes: await read(backend, key) };
}

/** Asserts that `act` leaves what can be read of `key` exactly as it was. */
export async function unchanged<T>(backend: StorageBackend, key: string, act: () => Promise<T>): Promise<T> {
  const before = await snapshot(backend, key);
  const result = await act();
  const after = await snapshot(backend, key);
  assert.deepEqual(after?.info, before?.info, `info of ${key} is unchanged`);
  if (after !== undefined && before !== undefined) sameBytes(after.bytes, before.bytes, `${key} unchanged`);
  return result;
}

/**
 * Asserts that a call which is not claimed rejects `Unsupported` before any request, and changes nothing.
 * The backend that `call` gets is watched; `key` is an object that must stay as it is.
 */
export async function expectRefused(
  context: CaseContext,
  key: string,
  call: (backend: StorageBackend) => Promise<unknown>,
): Promise<StorageError> {
  const { backend, faults } = await context.makeFaulty([]);
  const error = await unchanged(context.backend, key, () => expectCode(call(backend), 'Unsupported'));
  assert.deepEqual(faults.calls, [], 'nothing is sent before the refusal');
  return error;
}

/** Asserts that a call with a bad argument rejects with the code before any request. */
export async function expectEarly(
  context: CaseContext,
  code: ErrorCode,
  call: (backend: StorageBackend) => Promise<unknown>,
): Promise<StorageError> {
  const { backend, faults } = await context.makeFaulty([]);
  const error = await expectCode(call(backend), code);
  assert.deepEqual(faults.calls, [], `nothing is sent before ${code}`);
  return error;
}

/** Waits until `condition` holds, asking every few milliseconds. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string, ms = 5000): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(`${what}, within ${ms} ms`);
}
