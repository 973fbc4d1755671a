import assert from 'node:assert/strict';
import type { Capabilities, StorageBackend } from '@storage/core';
import type { CaseContext } from '../case.ts';
import type { DriverOperation } from '../faults/faults.ts';

/** A public call, the request that it makes, and what must hold before. */
export interface Subject {
  readonly name: string;
  readonly on: DriverOperation;
  readonly effect: 'read' | 'write';
  readonly when?: (capabilities: Capabilities) => boolean;
  /** Makes the store what the call needs; resolves to an argument of `call`. */
  readonly prepare?: (backend: StorageBackend, key: string) => Promise<string>;
  readonly call: (backend: StorageBackend, key: string, argument: string) => Promise<unknown>;
}

export const body = 'the body of an object';

async function oldVersion(backend: StorageBackend, key: string): Promise<string> {
  const { versionId } = await backend.save(key, 'old');
  await backend.save(key, body);
  assert.ok(versionId, 'a version is told');
  return versionId;
}

const hasVersions = (capabilities: Capabilities): boolean => capabilities.versions !== false;
const hasTiers = (capabilities: Capabilities): boolean => capabilities.tiers !== false;

/** Everything that makes one request. */
export const subjects: readonly Subject[] = [
  { name: 'exists', on: 'head', effect: 'read', call: (b, key) => b.exists(key) },
  { name: 'getMetadata', on: 'head', effect: 'read', call: (b, key) => b.getMetadata(key) },
  { name: 'retrieve', on: 'get', effect: 'read', call: async (b, key) => (await b.retrieve(key)).text() },
  { name: 'listFiles', on: 'listPage', effect: 'read', call: (b, key) => b.listFiles(key) },
  { name: 'save', on: 'put', effect: 'write', call: (b, key) => b.save(key, 'new body') },
  { name: 'delete', on: 'remove', effect: 'write', call: (b, key) => b.delete(key) },
  {
    name: 'deleteMany',
    on: 'removeMany',
    effect: 'write',
    when: ({ batchDelete }) => batchDelete !== false,
    call: async (b, key) => {
      const [outcome] = await b.deleteMany([key]);
      if (outcome?.ok !== true) throw outcome?.error ?? new Error('no outcome');
    },
  },
  { name: 'copy', on: 'copy', effect: 'write', when: ({ copy }) => copy, call: (b, key) => b.copy(key, `${key}-copy`) },
  {
    name: 'updateMetadata',
    on: 'setMetadata',
    effect: 'write',
    when: ({ setMetadata }) => setMetadata,
    call: (b, key) => b.updateMetadata(key, { a: 'changed' }),
  },
  {
    name: 'getTags',
    on: 'tags.get',
    effect: 'read',
    when: ({ tags }) => tags,
    prepare: async (b, key) => {
      await b.setTags(key, { a: '1' });
      return '';
    },
    call: (b, key) => b.getTags(key),
  },
  {
    name: 'setTags',
    on: 'tags.set',
    effect: 'write',
    when: ({ tags }) => tags,
    call: (b, key) => b.setTags(key, { a: '1' }),
  },
  {
    name: 'setTier',
    on: 'tiers.set',
    effect: 'write',
    when: hasTiers,
    call: (b, key) => b.setTier(key, (b.capabilities.tiers || [])[0] ?? ''),
  },
  { name: 'getVersions', on: 'versions.list', effect: 'read', when: hasVersions, call: (b, key) => b.getVersions(key) },
  {
    name: 'restoreVersion',
    on: 'versions.restore',
    effect: 'write',
    when: hasVersions,
    prepare: oldVersion,
    call: (b, key, versionId) => b.restoreVersion(key, versionId),
  },
  {
    name: 'undelete',
    on: 'versions.undelete',
    effect: 'write',
    when: ({ undelete }) => undelete,
    prepare: async (b, key) => {
      await b.delete(key);
      return '';
    },
    call: (b, key) => b.undelete(key),
  },
];

/** Runs `test` for every call that the backend has, on an object of its own. */
export async function eachSubject(
  context: CaseContext,
  effect: 'read' | 'write' | 'any',
  test: (subject: Subject, key: string, argument: string) => Promise<void>,
): Promise<void> {
  const wanted = subjects.filter(
    (subject) => (effect === 'any' || subject.effect === effect) && subject.when?.(context.capabilities) !== false,
  );
  // At once: most of their time is waiting between attempts.
  await Promise.all(wanted.map(run));

  async function run(subject: Subject): Promise<void> {
    const key = context.key(subject.name);
    await context.backend.save(key, body, { metadata: { a: '1' } });
    const argument = (await subject.prepare?.(context.backend, key)) ?? '';
    await test(subject, key, argument).catch((error: unknown) => {
      throw new Error(`${subject.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
  }
}
