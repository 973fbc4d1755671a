import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { snapshot } from '../assertions.ts';
import { pattern, webStream } from '../bodies.ts';
import type { CaseContext } from '../case.ts';
import type { ConnectionFault } from '../faults/connection-fault.ts';
import type { FaultProxy } from '../faults/fault-proxy.ts';
import type { MakeOptions } from '../harness.ts';
import type { Subject } from './faults-subjects.ts';
import { body, subjects } from './faults-subjects.ts';

/** A call behind a proxy of its own. */
export interface WiredSubject {
  readonly subject: Subject;
  readonly backend: StorageBackend;
  readonly proxy: FaultProxy;
  /** Makes the store what the call needs, and the call ready. */
  readonly prepare: () => Promise<{ readonly key: string; readonly call: () => Promise<unknown> }>;
}

/** An upload that takes several requests. */
const inParts: Subject = {
  name: 'save in parts',
  on: 'multipart.complete',
  effect: 'write',
  when: ({ multipart }) => multipart !== false,
  call: (backend, key, partSize) =>
    backend.save(key, webStream(pattern(Number(partSize) + 5, 221)), { partSize: Number(partSize) }),
};

/** Which calls: `small` are all of one small request. */
export type Wanted = 'read' | 'write' | 'any' | 'small';

/** Runs `test` for every call that the backend has, each on connections of its own, at once. */
export async function eachWired(
  context: CaseContext,
  wanted: Wanted,
  options: MakeOptions,
  test: (wired: WiredSubject) => Promise<void>,
): Promise<void> {
  const { capabilities, limits } = context;
  const all = wanted === 'small' ? subjects : [...subjects, inParts];
  const chosen = all.filter(
    ({ effect, when }) => (effect === wanted || !['read', 'write'].includes(wanted)) && when?.(capabilities) !== false,
  );
  await Promise.all(chosen.map(run));

  async function run(subject: Subject): Promise<void> {
    const { backend, proxy } = await context.makeProxied(options);
    let prepared = 0;
    const prepare: WiredSubject['prepare'] = async () => {
      prepared += 1;
      const key = context.key(`${subject.name.replaceAll(' ', '-')}-${prepared}`);
      await context.backend.save(key, body, { metadata: { a: '1' } });
      const prepares = subject === inParts ? String(limits.partSize) : await subject.prepare?.(context.backend, key);
      return { key, call: () => subject.call(backend, key, prepares ?? '') };
    };
    await test({ subject, backend, proxy, prepare }).catch((error: unknown) => {
      throw new Error(`${subject.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
  }
}

/** What a call came to that met a fault. */
export interface Outcome {
  readonly subject: Subject;
  readonly key: string;
  /** What it rejected with. */
  readonly error: unknown;
  /** What the object was before, and what it is after the same call without a fault. */
  readonly before: string | undefined;
  readonly expected: string | undefined;
}

/** Lets each request of each call meet the fault in turn: how many there are, an unharmed call shows. */
export async function eachRequest(
  context: CaseContext,
  wanted: Wanted,
  fault: ConnectionFault,
  check: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  const retry = { baseDelayMs: 10, throttledDelayMs: 10 };
  await eachWired(context, wanted, { retry }, async ({ subject, proxy, prepare }) => {
    const model = await prepare();
    await proxy.arm();
    const before = await textOf(context, model.key);
    await model.call();
    const expected = await textOf(context, model.key);
    const requests = proxy.requests.map(({ method, query }) => `${method} ${query}`);
    assert.ok(requests.length > 0, 'the call makes requests');
    for (const [at, request] of requests.entries()) {
      const { key, call } = await prepare();
      await proxy.arm({ skip: at, fault });
      const error: unknown = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.equal(proxy.fired, 1, `${fault.kind} has happened to ${request}`);
      await check({ subject, key, error, before, expected }).catch((cause: unknown) => {
        throw new Error(`${fault.kind} at ${request}: ${String(cause)}`, { cause: error ?? cause });
      });
    }
  });
}

/** An object as a string that can be compared, its key apart. */
export async function textOf(context: CaseContext, key: string): Promise<string | undefined> {
  const found = await snapshot(context.backend, key);
  if (found === undefined) return undefined;
  return `${JSON.stringify(found.info.metadata)} ${Buffer.from(found.bytes).toString('base64')}`;
}
