import assert from 'node:assert/strict';
import type { Capabilities, StorageBackend } from '@storage/core';
import { isStorageError } from '@storage/core';
import { MemoryBackend } from '@storage/core/memory';
import fc from 'fast-check';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { count, defineArea } from '../case.ts';
import { BackendWorld } from '../model/backend-world.ts';
import type { Command, World } from '../model/command.ts';
import { sequenceArbitrary } from '../model/command-arbitrary.ts';
import type { Step } from '../model/linearizable.ts';
import { isLinearizable } from '../model/linearizable.ts';
import { agrees } from '../model/outcome.ts';
import { PureModel } from '../model/pure-model.ts';
import { pause } from '../timing.ts';

/** A prefix for each run, so that runs do not meet. */
function prefixes(context: CaseContext): () => string {
  let runs = 0;
  return () => {
    runs += 1;
    return `${context.prefix}${runs.toString(36)}/`;
  };
}

/** Runs commands one after the other on the model and on a world, and asserts after each that they agree. */
async function follow(
  commands: readonly Command[],
  model: World,
  worlds: readonly (readonly [string, World])[],
): Promise<void> {
  for (const [index, command] of commands.entries()) {
    const allowed = await model.run(command);
    for (const [name, world] of worlds) {
      const found = await world.run(command);
      if (agrees(allowed, found)) continue;
      const text = (value: unknown): string => JSON.stringify(value).slice(0, 2000);
      assert.fail(`command ${index + 1}, ${text(command)}: ${name} came to ${text(found)}, not to ${text(allowed)}`);
    }
  }
}

const sequences: ConformanceCase = {
  number: 9,
  letter: 'a',
  title: 'any sequence of calls comes to what the model of the contract comes to',
  claims: ['listOrder', 'etagKind', 'keyCanBePrefixOfKey', 'deleteReportsExistence', 'suffixRange', 'startAfter'],
  timeoutMs: 300_000,
  run: async (context) => {
    const { backend, capabilities } = context;
    const nextPrefix = prefixes(context);
    await fc.assert(
      fc.asyncProperty(sequenceArbitrary(capabilities, context.harness), async (commands) => {
        const prefix = nextPrefix();
        await follow(commands, new PureModel(capabilities), [['the backend', new BackendWorld(backend, prefix)]]);
        await backend.deletePrefix(prefix);
      }),
      { numRuns: count(120, 60_000) },
    );
  },
};

const likeMemory: ConformanceCase = {
  number: 9,
  letter: 'b',
  title: 'any sequence of calls comes to what it comes to on the memory backend',
  timeoutMs: 300_000,
  run: async (context) => {
    const { backend, capabilities } = context;
    const nextPrefix = prefixes(context);
    const memory = new MemoryBackend();
    const shared = oracleCapabilities(backend, memory);
    await fc.assert(
      fc.asyncProperty(sequenceArbitrary(shared, context.harness), async (commands) => {
        const prefix = nextPrefix();
        const oracle = new BackendWorld(memory, prefix, shared);
        const world = new BackendWorld(backend, prefix, shared);
        const comparable = commands.filter((command) => isComparable(command, capabilities));
        await follow(comparable, oracle, [['the backend', world]]);
        await backend.deletePrefix(prefix);
      }),
      { numRuns: count(40, 30_000) },
    );
    await memory.close();
  },
};

/** What both claim. */
function oracleCapabilities(backend: StorageBackend, memory: MemoryBackend): Capabilities {
  const own = backend.capabilities;
  const other: Capabilities = memory.capabilities;
  const pairs = Object.entries(own).map(([name, claim]) => {
    const theirs = other[name as keyof Capabilities];
    return [name, theirs === false ? false : claim] as const;
  });
  return Object.fromEntries(pairs) as unknown as Capabilities;
}

/** Whether memory must come to the same; where services may differ, the model of #9a knows how. */
function isComparable(command: Command, { keyCanBePrefixOfKey, listOrder, etagKind }: Capabilities): boolean {
  if (command.kind === 'list') return listOrder === 'utf8';
  if ('condition' in command && command.condition === 'stale' && etagKind === 'content') return false;
  if (keyCanBePrefixOfKey === true) return true;
  const own = 'keys' in command ? command.keys : [command.key];
  const all = 'source' in command ? [...own, command.source] : own;
  return !all.some((key) => ['a/b', 'a/b/c'].includes(key));
}

/** What a client does, one after the other, with pauses that decide who meets whom. */
interface Plan {
  readonly kind: 'write' | 'create' | 'replace' | 'delete' | 'read';
  readonly pauseMs: number;
}

const linearizable: ConformanceCase = {
  number: 216,
  letter: 'a',
  title: 'concurrent writes, conditional writes, deletes and reads of one key fit one order',
  claims: ['ifAbsentPut', 'ifMatchPut'],
  timeoutMs: 300_000,
  run: async (context) => {
    const { capabilities } = context;
    const backends = [context.backend, await context.make()];
    const nextPrefix = prefixes(context);
    const kinds: readonly Plan['kind'][] = [
      'write',
      'delete',
      'read',
      'read',
      ...(capabilities.ifAbsentPut ? (['create', 'create'] as const) : []),
      ...(capabilities.ifMatchPut ? (['replace', 'replace', 'replace'] as const) : []),
    ];
    const plan = fc.record({ kind: fc.constantFrom(...kinds), pauseMs: fc.constantFrom(0, 0, 1, 2) });
    const clients = fc.array(fc.array(plan, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(clients, async (plans) => {
        const key = `${nextPrefix()}key`;
        const steps = await history(backends, key, plans);
        assert.ok(isLinearizable(steps), `no order fits:\n${steps.map((step) => JSON.stringify(step)).join('\n')}`);
        await context.backend.delete(key);
      }),
      { numRuns: count(60, 10_000) },
    );
  },
};

/** Runs the plans at the same time and records what happened. */
async function history(
  backends: readonly StorageBackend[],
  key: string,
  plans: readonly (readonly Plan[])[],
): Promise<Step[]> {
  const steps: Step[] = [];
  let clock = 0;
  await Promise.all(
    plans.map(async (plan, client) => {
      const backend = backends[client % backends.length] as StorageBackend;
      let seen: Seen | undefined;
      for (const [index, { kind, pauseMs }] of plan.entries()) {
        if (pauseMs > 0) await pause(pauseMs);
        clock += 1;
        const began = clock;
        const done = await perform(backend, key, kind, `${client}.${index}`, seen);
        clock += 1;
        seen = done.seen ?? seen;
        steps.push({ client, call: done.call, result: done.result, began, ended: clock });
      }
    }),
  );
  return steps;
}

interface Seen {
  readonly value: string;
  readonly etag: string;
}

interface Done {
  readonly call: Step['call'];
  readonly result: Step['result'];
  readonly seen?: Seen;
}

async function perform(
  backend: StorageBackend,
  key: string,
  kind: Plan['kind'],
  value: string,
  seen: Seen | undefined,
): Promise<Done> {
  if (kind === 'read' || (kind === 'replace' && seen === undefined)) return readStep(backend, key);
  if (kind === 'delete') {
    await backend.delete(key);
    return { call: { kind: 'delete' }, result: { applied: true } };
  }
  if (kind === 'replace' && seen !== undefined) {
    const applied = await succeeds(backend.save(key, value, { ifMatch: seen.etag }), 'PreconditionFailed');
    return { call: { kind: 'replace', value, expected: seen.value }, result: { applied } };
  }
  const condition = kind === 'create' ? 'absent' : 'none';
  const applied = await succeeds(
    backend.save(key, value, kind === 'create' ? { ifAbsent: true } : {}),
    'AlreadyExists',
  );
  return { call: { kind: 'write', value, condition }, result: { applied } };
}

async function readStep(backend: StorageBackend, key: string): Promise<Done> {
  const call = { kind: 'read' } as const;
  try {
    const file = await backend.retrieve(key);
    const value = await file.text();
    return { call, result: { read: value }, seen: { value, etag: file.etag } };
  } catch (error) {
    if (isStorageError(error) && error.code === 'NotFound') return { call, result: { read: undefined } };
    throw error;
  }
}

/** Whether a conditional write was applied; anything but its own refusal is an error. */
async function succeeds(write: Promise<unknown>, refusal: string): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isStorageError(error) && error.code === refusal && error.retryable === 'no') return false;
    throw error;
  }
}

export const model: Area = defineArea({
  name: 'model',
  title: 'Model',
  cases: [sequences, likeMemory, linearizable],
});
