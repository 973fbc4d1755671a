import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { absent, assertCode, expectCode, headOf, holds, keysUnder } from '../assertions.ts';
import { utf8 } from '../bodies.ts';
import type { CaseContext } from '../case.ts';
import { byListOrder } from '../keys.ts';
import { inParallel } from '../parallel.ts';

/** Saves each name with bytes of its own, and asserts that every method gives it back as it was. */
export async function roundTrip(
  { backend, key, prefix, capabilities }: CaseContext,
  names: readonly string[],
): Promise<void> {
  const body = (name: string): Uint8Array => utf8(`body of ${name}`);
  await inParallel(names, async (name) => {
    const saved = await backend.save(key(name), body(name));
    assert.equal(saved.key, key(name));
  });
  const expected = names.map((name) => key(name)).toSorted(byListOrder(capabilities.listOrder));
  assert.deepEqual(await keysUnder(backend, prefix), expected);
  await inParallel(names, async (name) => {
    await holds(backend, key(name), body(name));
    assert.equal((await headOf(backend, key(name))).key, key(name));
    await backend.delete(key(name));
    assert.equal(await backend.exists(key(name)), false);
  });
  assert.deepEqual(await keysUnder(backend, prefix), []);
}

/** Asserts that names with a dot at the end of a segment are kept; where the service drops it, that they are refused. */
export async function keptOrDropped(context: CaseContext, ...names: string[]): Promise<void> {
  if (context.harness.dropsDots !== true) return roundTrip(context, names);
  const { backend, key, prefix } = context;
  const there = key('there');
  await backend.save(there, utf8('x'));
  for (const name of names) {
    for (const call of everyKeyCall(backend, key(name), there)) await expectCode(call, 'InvalidKey');
  }
  assert.deepEqual(await keysUnder(backend, prefix), [there]);
}

/** Whether nothing is at a key, or the service cannot hold it. */
export async function isNotThere(backend: StorageBackend, key: string): Promise<boolean> {
  try {
    return !(await backend.exists(key));
  } catch (error) {
    assertCode(error, 'InvalidKey');
    return true;
  }
}

/** Asserts that two keys are two objects, or that the second is refused and the first stays. */
export async function keptApart({ backend, prefix }: CaseContext, first: string, second: string): Promise<void> {
  const refusal = await saveTwins(backend, first, second);
  await holds(backend, first, utf8('first'));
  if (refusal) return absentOrRefused(backend, second);
  await holds(backend, second, utf8('second'));
  const listed = await keysUnder(backend, prefix);
  assert.ok(listed.includes(first) && listed.includes(second), 'both are listed as they are spelled');
  await backend.delete(first);
  await absent(backend, first);
  await holds(backend, second, utf8('second'));
}

async function saveTwins(backend: StorageBackend, first: string, second: string): Promise<boolean> {
  await backend.save(first, utf8('first'));
  assert.ok(await isNotThere(backend, second), `${second} is not another name of ${first}`);
  try {
    await backend.save(second, utf8('second'));
    return false;
  } catch (error) {
    assertCode(error, 'KeyConflict', 'InvalidKey');
    return true;
  }
}

async function absentOrRefused(backend: StorageBackend, key: string): Promise<void> {
  assert.ok(await isNotThere(backend, key));
}

/** Every method that takes a key, with that key; `other` is one that it may be copied to and from. */
export function everyKeyCall(backend: StorageBackend, key: string, other = 'a'): readonly (() => Promise<unknown>)[] {
  const { capabilities } = backend;
  return [
    () => backend.save(key, utf8('x')),
    () => backend.retrieve(key),
    () => backend.delete(key),
    () => backend.exists(key),
    () => backend.getMetadata(key),
    ...(capabilities.copy ? [() => backend.copy(key, other), () => backend.copy(other, key)] : []),
    ...(capabilities.setMetadata ? [() => backend.updateMetadata(key, { a: 'b' })] : []),
    ...(capabilities.sign === false ? [] : [() => backend.getUrl(key)]),
  ];
}

/** Asserts that every method refuses a key before any request. */
export async function refusedEverywhere(context: CaseContext, key: string): Promise<void> {
  const { backend, faults } = await context.makeFaulty();
  for (const call of everyKeyCall(backend, key)) await expectCode(call, 'InvalidKey');
  assert.deepEqual(faults.calls, [], `nothing is sent for ${JSON.stringify(key)}`);
}
