import assert from 'node:assert/strict';
import type { UpdateMetadataOptions } from '@storage/core';
import { absent, expectCode, expectEarly, expectRefused, headOf, holds, unchanged } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { CaseContext, Claim, ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { storedAttributes, withoutIdentity } from '../stored.ts';

export type Run = (context: CaseContext) => Promise<void>;

function metadataCase(letter: string, title: string, run: Run, claim?: Claim & 'ifMatchMetadata'): ConformanceCase {
  const options: UpdateMetadataOptions = claim === undefined ? {} : { ifMatch: '"etag"' };
  return {
    number: 161,
    letter,
    title,
    claims: claim === undefined ? ['setMetadata'] : ['setMetadata', claim],
    needs: (capabilities) => capabilities.setMetadata && (claim === undefined || capabilities[claim]),
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) =>
        backend.updateMetadata(context.key(), { a: '1' }, options),
      );
    },
    run,
  };
}

const merge = metadataCase(
  'a',
  'updateMetadata merges, removes with null and keeps headers and bytes',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, pattern(2000), storedAttributes);
    const before = await headOf(backend, key);
    const info = await backend.updateMetadata(key, { jobId: '789', owner: null, fresh: 'ü' });
    const expected = { jobId: '789', empty: '', fresh: 'ü' };
    assert.deepEqual(info.metadata, expected);
    const after = await headOf(backend, key);
    assert.deepEqual(after.metadata, expected);
    assert.deepEqual(
      withoutIdentity({ ...after, metadata: before.metadata }),
      withoutIdentity(before),
      'all else is kept',
    );
    assert.equal(info.etag, after.etag);
    await holds(backend, key, pattern(2000));
  },
);

const replace = metadataCase('b', 'updateMetadata with replace leaves nothing of the old metadata', async (context) => {
  const { backend } = context;
  const key = context.key();
  await backend.save(key, 'text', storedAttributes);
  await backend.updateMetadata(key, { only: 'this' }, { replace: true });
  assert.deepEqual((await headOf(backend, key)).metadata, { only: 'this' });
  await backend.updateMetadata(key, {}, { replace: true });
  const info = await headOf(backend, key);
  assert.deepEqual(info.metadata, {});
  assert.equal(info.contentLanguage, storedAttributes.contentLanguage, 'headers are kept');
});

const headersChange = metadataCase('c', 'updateMetadata changes the headers that it is given', async (context) => {
  const { backend } = context;
  const key = context.key();
  await backend.save(key, 'text', storedAttributes);
  await backend.updateMetadata(key, {}, { contentType: 'text/csv', cacheControl: 'no-store' });
  const info = await headOf(backend, key);
  assert.equal(info.contentType, 'text/csv');
  assert.equal(info.cacheControl, 'no-store');
  assert.equal(info.contentDisposition, storedAttributes.contentDisposition);
  assert.deepEqual(info.metadata, storedAttributes.metadata);
});

const noBody = metadataCase('d', 'updateMetadata sends no body', async (context) => {
  const key = context.key();
  await context.backend.save(key, pattern(1000));
  const { backend, faults } = await context.makeFaulty([]);
  await backend.updateMetadata(key, { a: '1' });
  const sent = new Set(faults.calls.map((call) => call.operation));
  for (const operation of ['put', 'multipart.putPart', 'get'] as const)
    assert.ok(!sent.has(operation), `no ${operation}`);
  assert.ok(sent.has('setMetadata'));
});

const missing = metadataCase(
  'e',
  'updateMetadata of a missing object is NotFound and creates nothing',
  async (context) => {
    await expectCode(context.backend.updateMetadata(context.key(), { a: '1' }), 'NotFound');
    await absent(context.backend, context.key());
  },
);

const badPatch = metadataCase('f', 'a bad patch is refused before any request', async (context) => {
  const key = context.key();
  const patches: readonly unknown[] = [
    { 'not a name': '1' },
    { '': '1' },
    { a: 'x\ny' },
    { a: 1 },
    { a: '\ud800' },
    { Job: '1', job: '2' },
    'text',
    null,
  ];
  await context.backend.save(key, 'text', { metadata: { a: '1' } });
  for (const patch of patches) {
    await unchanged(context.backend, key, () =>
      expectEarly(context, 'InvalidArgument', (backend) =>
        backend.updateMetadata(key, patch as Record<string, string>),
      ),
    );
  }
});

const respelled = metadataCase(
  'g',
  'a patch finds the name that differs only in case or dash, and does not keep both',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, 'text', { metadata: { jobId: '1', other_name: 'x' } });
    await backend.updateMetadata(key, { JOBID: '2', 'other-name': null });
    const { metadata } = await headOf(backend, key);
    assert.deepEqual(metadata, { JOBID: '2' });
  },
);

const tooLarge = metadataCase(
  'h',
  'a merge that exceeds the limit of metadata is refused and changes nothing',
  async (context) => {
    const key = context.key();
    const limit = context.capabilities.maxMetadataBytes;
    await context.backend.save(key, 'text', { metadata: { a: 'x'.repeat(Math.floor(limit / 2)) } });
    await unchanged(context.backend, key, () =>
      expectCode(context.backend.updateMetadata(key, { b: 'y'.repeat(Math.floor(limit / 2)) }), 'InvalidArgument'),
    );
  },
);

const ifMatch = metadataCase(
  'i',
  'updateMetadata with ifMatch changes that revision only',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const { etag: stale } = await backend.save(key, 'one', { metadata: { a: '1' } });
    const { etag: current } = await backend.save(key, 'two', { metadata: { a: '2' } });
    await unchanged(backend, key, () =>
      expectCode(backend.updateMetadata(key, { a: '3' }, { ifMatch: stale }), 'PreconditionFailed'),
    );
    const changed = await backend.updateMetadata(key, { a: '3' }, { ifMatch: current });
    assert.deepEqual(changed.metadata, { a: '3' });
    assert.notEqual(changed.etag, current, 'a metadata change makes a revision');
    await unchanged(backend, key, () =>
      expectCode(backend.updateMetadata(key, { a: '4' }, { ifMatch: current }), 'PreconditionFailed'),
    );
  },
  'ifMatchMetadata',
);

const concurrentMerges = metadataCase(
  'j',
  'concurrent merges of different names are all kept where metadata has revisions',
  async (context) => {
    const key = context.key();
    await context.backend.save(key, 'text');
    const backends = [context.backend, await context.make()] as const;
    const names = Array.from({ length: count(6, 12) }, (_, index) => `name${index}`);
    await Promise.all(
      names.map((name, index) => backends[index % 2 === 0 ? 0 : 1].updateMetadata(key, { [name]: 'here' })),
    );
    assert.deepEqual(
      (await headOf(context.backend, key)).metadata,
      Object.fromEntries(names.map((name) => [name, 'here'])),
    );
  },
  'ifMatchMetadata',
);

const keptByMetadata: ConformanceCase = {
  ...metadataCase('k', 'updateMetadata keeps tags and tier', async (context) => {
    const { backend, capabilities } = context;
    const key = context.key();
    const tier = capabilities.tiers === false ? undefined : capabilities.tiers[1];
    const online =
      tier !== undefined && (capabilities.archiveTiers === false || !capabilities.archiveTiers.includes(tier));
    const tags = { colour: 'blue' };
    await backend.save(key, 'text', { ...(capabilities.tags ? { tags } : {}), ...(online ? { tier } : {}) });
    const before = await headOf(backend, key);
    await backend.updateMetadata(key, { a: '1' });
    assert.equal((await headOf(backend, key)).tier, before.tier);
    if (capabilities.tags) assert.deepEqual(await backend.getTags(key), tags);
  }),
  claims: ['setMetadata', 'tags', 'tiers'],
};

/** Metadata that changes without its body. */
export const metadataUpdates: readonly ConformanceCase[] = [
  merge,
  replace,
  headersChange,
  noBody,
  missing,
  badPatch,
  respelled,
  tooLarge,
  ifMatch,
  concurrentMerges,
  keptByMetadata,
];
