import assert from 'node:assert/strict';
import { expectCode, expectRefused, headOf, sameBytes } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';

/** An etag that no object has. */
const stale = '"00000000000000000000000000000000"';
const day = 86_400_000;

export const readConditions: readonly ConformanceCase[] = [
  {
    number: 172,
    title: 'a read with ifNoneMatch: NotModified for the current etag, the bytes for another',
    run: async ({ backend, key }) => {
      const bytes = pattern(1000, 172);
      const { etag } = await backend.save(key(), bytes);
      const error = await expectCode(backend.retrieve(key(), { ifNoneMatch: etag }), 'NotModified');
      assert.equal(error.retryable, 'no');
      sameBytes(await (await backend.retrieve(key(), { ifNoneMatch: stale })).bytes(), bytes);
      await backend.save(key(), 'changed');
      assert.equal(await (await backend.retrieve(key(), { ifNoneMatch: etag })).text(), 'changed');
      await expectCode(backend.retrieve(key('missing'), { ifNoneMatch: etag }), 'NotFound');
    },
  },
  {
    number: 173,
    title: 'a read with ifMatch, whole and of a range: the bytes for the current etag, else PreconditionFailed',
    run: async ({ backend, key }) => {
      const bytes = pattern(1000, 173);
      const { etag } = await backend.save(key(), bytes);
      sameBytes(await (await backend.retrieve(key(), { ifMatch: etag })).bytes(), bytes);
      const range = { start: 10, end: 20 };
      sameBytes(await (await backend.retrieve(key(), { ifMatch: etag, range })).bytes(), bytes.subarray(10, 20));
      sameBytes(
        await (await backend.retrieve(key(), { ifMatch: etag, range: { suffix: 7 } })).bytes(),
        bytes.subarray(-7),
      );
      await backend.save(key(), 'changed to something else');
      for (const wrong of [etag, stale]) {
        await expectCode(backend.retrieve(key(), { ifMatch: wrong }), 'PreconditionFailed');
        await expectCode(backend.retrieve(key(), { ifMatch: wrong, range }), 'PreconditionFailed');
        await expectCode(backend.retrieve(key(), { ifMatch: wrong, range: { suffix: 7 } }), 'PreconditionFailed');
      }
      await expectCode(backend.retrieve(key('missing'), { ifMatch: etag }), 'NotFound', 'PreconditionFailed');
    },
  },
  {
    number: 174,
    title: 'a head with conditions',
    run: async ({ backend, key }) => {
      const { etag } = await backend.save(key(), 'x', { metadata: { a: 'b' } });
      assert.equal((await backend.getMetadata(key(), { ifMatch: etag }))?.metadata['a'], 'b');
      assert.equal((await backend.getMetadata(key(), { ifNoneMatch: stale }))?.etag, etag);
      await expectCode(backend.getMetadata(key(), { ifMatch: stale }), 'PreconditionFailed');
      await expectCode(backend.getMetadata(key(), { ifNoneMatch: etag }), 'NotModified');
      await expectCode(backend.getMetadata(key(), { ifMatch: 7 as never }), 'InvalidArgument');
    },
  },
  {
    number: 182,
    title: 'ifModifiedSince and ifUnmodifiedSince of reads, to the second',
    claims: ['modifiedSinceRead'],
    needs: (capabilities) => capabilities.modifiedSinceRead,
    run: async ({ backend, key }) => {
      await backend.save(key(), 'body');
      const { lastModified } = await headOf(backend, key());
      const at = (ms: number): Date => new Date(lastModified.getTime() + ms);
      const text = async (options: object): Promise<string> => (await backend.retrieve(key(), options)).text();
      assert.equal(await text({ ifModifiedSince: at(-day) }), 'body');
      assert.equal(await text({ ifUnmodifiedSince: at(day) }), 'body');
      assert.equal(await text({ ifUnmodifiedSince: at(1000) }), 'body');
      await expectCode(backend.retrieve(key(), { ifModifiedSince: at(0) }), 'NotModified');
      await expectCode(backend.retrieve(key(), { ifUnmodifiedSince: at(-day) }), 'PreconditionFailed');
      await expectCode(backend.retrieve(key(), { ifUnmodifiedSince: at(-2000) }), 'PreconditionFailed');
      await expectCode(backend.retrieve(key(), { ifModifiedSince: new Date(Number.NaN) }), 'InvalidArgument');
      await expectCode(backend.retrieve(key(), { ifModifiedSince: '2020-01-01' as never }), 'InvalidArgument');
    },
    refused: async (context) => {
      const { backend, key } = context;
      await backend.save(key(), 'x');
      await expectRefused(context, key(), (watched) => watched.retrieve(key(), { ifModifiedSince: new Date(0) }));
      await expectRefused(context, key(), (watched) => watched.retrieve(key(), { ifUnmodifiedSince: new Date() }));
    },
  },
];
