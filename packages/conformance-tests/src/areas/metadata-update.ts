import assert from 'node:assert/strict';
import type { MetadataPatch, StorageBackend } from '@storage/core';
import { absent, expectCode, expectEarly, expectRefused, headOf, holds } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { inParallel } from '../parallel.ts';
import type { Metadata } from './metadata-case.ts';
import { metadataOf } from './metadata-case.ts';

/** Applies a change, and asserts that it sent no body and what is there then. */
async function change(
  { makeFaulty, backend, key }: CaseContext,
  patch: MetadataPatch,
  options: Parameters<StorageBackend['updateMetadata']>[2],
  expected: Metadata,
): Promise<void> {
  const watched = await makeFaulty();
  const info = await watched.backend.updateMetadata(key(), patch, options);
  assert.deepEqual({ ...info.metadata }, expected);
  assert.deepEqual({ ...(await headOf(backend, key())).metadata }, expected);
  const sent = watched.faults.calls.map((call) => call.operation);
  assert.ok(
    !sent.some((operation) => operation === 'put' || operation === 'get'),
    `the body is not sent: ${sent.join(', ')}`,
  );
}

async function refusedUpdate(context: CaseContext, options: { readonly ifMatch?: string }): Promise<void> {
  const { backend, key } = context;
  await backend.save(key(), 'x', { metadata: { a: 'b' } });
  await expectRefused(context, key(), (watched) => watched.updateMetadata(key(), { a: 'c' }, options));
}

export const metadataUpdates: readonly ConformanceCase[] = [
  {
    number: 161,
    title: 'updateMetadata merges, removes and replaces without sending the body, and keeps the rest',
    claims: ['setMetadata'],
    needs: (capabilities) => capabilities.setMetadata,
    run: async (context) => {
      const { backend, key } = context;
      const bytes = pattern(100_000, 161);
      await backend.save(key(), bytes, {
        metadata: { jobId: '1', keep: 'ü', drop: 'x' },
        contentType: 'text/plain',
        cacheControl: 'no-store',
        contentDisposition: 'inline',
        contentEncoding: 'identity',
        contentLanguage: 'de',
      });
      const before = await headOf(backend, key());
      await change(context, { jobId: '2', added: '日本', drop: null }, {}, { jobId: '2', keep: 'ü', added: '日本' });
      await change(context, { JOBID: '3', missing: null }, {}, { JOBID: '3', keep: 'ü', added: '日本' });
      await change(context, { only: 'this' }, { replace: true }, { only: 'this' });
      await change(context, {}, { replace: true }, {});
      await change(context, { last: 'one' }, { cacheControl: 'public', contentType: 'text/html' }, { last: 'one' });
      const after = await headOf(backend, key());
      await holds(backend, key(), bytes);
      assert.equal(after.size, before.size);
      assert.equal(after.contentType, 'text/html');
      assert.equal(after.cacheControl, 'public');
      for (const name of ['contentDisposition', 'contentEncoding', 'contentLanguage', 'tier'] as const) {
        assert.equal(after[name], before[name], `${name} stays`);
      }
    },
    refused: async (context) => {
      const { backend, key } = context;
      await backend.save(key(), 'x', { metadata: { a: 'b' } });
      await expectRefused(context, key(), (watched) => watched.updateMetadata(key(), { a: 'c' }));
    },
  },
  {
    number: 161,
    title: 'updateMetadata of a missing key is NotFound and creates nothing; bad input is refused before any request',
    claims: ['setMetadata'],
    needs: (capabilities) => capabilities.setMetadata,
    run: async (context) => {
      const { backend, key } = context;
      await expectCode(backend.updateMetadata(key('missing'), { a: 'b' }), 'NotFound');
      await absent(backend, key('missing'));
      for (const patch of [{ 'a b': 'c' }, { a: 7 }, { a: '\u0000' }, { a: '1', A: '2' }, undefined, 'a=b']) {
        await expectEarly(context, 'InvalidArgument', (watched) => watched.updateMetadata(key(), patch as never));
      }
      await backend.save(key(), 'x', { metadata: { a: 'b' } });
      const tooMuch = metadataOf(context.capabilities.maxMetadataBytes + 1, 3);
      await expectCode(backend.updateMetadata(key(), tooMuch), 'InvalidArgument');
      assert.deepEqual({ ...(await headOf(backend, key())).metadata }, { a: 'b' });
    },
    refused: (context) => refusedUpdate(context, {}),
  },
  {
    number: 161,
    title: 'a change of metadata changes the etag exactly where etags name revisions',
    claims: ['setMetadata', 'etagKind'],
    needs: (capabilities) => capabilities.setMetadata,
    run: async ({ backend, key, capabilities }) => {
      await backend.save(key(), 'same body', { metadata: { a: '1' } });
      const before = await headOf(backend, key());
      const after = await backend.updateMetadata(key(), { a: '2' });
      assert.equal(after.etag, (await headOf(backend, key())).etag);
      if (capabilities.etagKind === 'revision') assert.notEqual(after.etag, before.etag);
      else assert.equal(after.etag, before.etag);
      assert.ok(after.lastModified.getTime() >= before.lastModified.getTime());
    },
    refused: (context) => refusedUpdate(context, {}),
  },
  {
    number: 161,
    title: 'updateMetadata with ifMatch changes only the revision that it names',
    claims: ['ifMatchMetadata'],
    needs: (capabilities) => capabilities.setMetadata && capabilities.ifMatchMetadata,
    run: async ({ backend, key }) => {
      const { etag: stale } = await backend.save(key(), 'one', { metadata: { a: '1' } });
      const { etag } = await backend.save(key(), 'two', { metadata: { a: '2' } });
      await expectCode(backend.updateMetadata(key(), { a: '3' }, { ifMatch: stale }), 'PreconditionFailed');
      assert.deepEqual({ ...(await headOf(backend, key())).metadata }, { a: '2' });
      const { etag: next } = await backend.updateMetadata(key(), { a: '3' }, { ifMatch: etag });
      await expectCode(backend.updateMetadata(key(), { a: '4' }, { ifMatch: etag }), 'PreconditionFailed');
      await backend.updateMetadata(key(), { a: '5' }, { ifMatch: next });
      await expectCode(
        backend.updateMetadata(key('missing'), { a: '1' }, { ifMatch: etag }),
        'PreconditionFailed',
        'NotFound',
      );
    },
    refused: (context) => refusedUpdate(context, { ifMatch: '"0"' }),
  },
  {
    number: 161,
    title: 'concurrent updates of different names are both kept, where etags name revisions',
    claims: ['ifMatchMetadata'],
    needs: (capabilities) => capabilities.setMetadata && capabilities.ifMatchMetadata,
    run: async ({ backend, make, key }) => {
      await backend.save(key(), 'x');
      const writers = [backend, await make(), await make()];
      const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
      await inParallel(names, (name, index) => (writers[index % 3] ?? backend).updateMetadata(key(), { [name]: name }));
      const expected = Object.fromEntries(names.map((name) => [name, name]));
      assert.deepEqual({ ...(await headOf(backend, key())).metadata }, expected);
      await holds(backend, key(), utf8('x'));
    },
    refused: (context) => refusedUpdate(context, { ifMatch: '"0"' }),
  },
];
