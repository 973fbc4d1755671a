import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { absent, assertCode, expectCode, holds, rejectionOf, unchanged } from '../assertions.ts';
import { failingBody, iterable, pattern, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { isCausedBy, sizes } from './write-case.ts';

export const failingSources: readonly ConformanceCase[] = [
  {
    number: 54,
    title: 'a source that fails mid-way rejects with the failure as cause, and nothing is stored',
    run: async (context) => {
      const { backend, key, limits } = context;
      for (const size of sizes(context)) {
        const boom = new Error('the source broke');
        const bodies = [
          failingBody(pattern(size), boom),
          Readable.from(failingBody(pattern(size), boom)),
          ReadableStream.from(failingBody(pattern(size), boom)),
          () => failingBody(pattern(size), boom),
        ];
        for (const body of bodies) {
          const error = await rejectionOf(backend.save(key(), body, { partSize: limits.partSize }));
          assertCode(error, 'Unknown', 'Unavailable', 'InvalidArgument', 'Aborted');
          assert.ok(isCausedBy(error, boom), 'the failure of the source is the cause');
        }
        await absent(backend, key());
      }
    },
  },
  {
    number: 54,
    title: 'a source that fails at once, or cannot be opened, stores nothing',
    run: async ({ backend, key }) => {
      const boom = new Error('cannot open');
      const fail = (): never => {
        throw boom;
      };
      for (const body of [failingBody(new Uint8Array(), boom), fail, () => Promise.reject(boom)]) {
        const error = await rejectionOf(backend.save(key(), body));
        assert.ok(isCausedBy(error, boom));
      }
      await absent(backend, key());
    },
  },
  {
    number: 55,
    title: 'a source that fails over an existing key leaves the old object, metadata included',
    run: async (context) => {
      const { backend, key, limits } = context;
      await backend.save(key(), 'old', { metadata: { version: 'old' }, contentType: 'text/plain' });
      for (const size of sizes(context)) {
        const body = failingBody(pattern(size), new Error('the source broke'));
        const options = { partSize: limits.partSize, metadata: { version: 'new' } };
        await unchanged(backend, key(), () => rejectionOf(backend.save(key(), body, options)));
      }
    },
  },
  {
    number: 56,
    title: 'fewer bytes than declared reject LengthMismatch, and nothing is visible',
    run: async (context) => {
      const { backend, key, limits } = context;
      await backend.save(key('old'), 'old', { metadata: { version: 'old' } });
      for (const size of sizes(context)) {
        const options = { size: size + 1, partSize: limits.partSize };
        for (const body of [webStream(pattern(size)), () => iterable(pattern(size)), pattern(size)]) {
          await expectCode(backend.save(key(), body, options), 'LengthMismatch');
        }
        const over = (): Promise<unknown> => backend.save(key('old'), webStream(pattern(size)), options);
        await unchanged(backend, key('old'), () => expectCode(over, 'LengthMismatch'));
      }
      await absent(backend, key());
    },
  },
  {
    number: 57,
    title: 'more bytes than declared reject LengthMismatch, and nothing is visible',
    run: async (context) => {
      const { backend, key, limits } = context;
      await backend.save(key('old'), 'old', { metadata: { version: 'old' } });
      for (const size of sizes(context)) {
        for (const declared of [size - 1, 0]) {
          const options = { size: declared, partSize: limits.partSize };
          for (const body of [webStream(pattern(size)), () => iterable(pattern(size)), pattern(size)]) {
            await expectCode(backend.save(key(), body, options), 'LengthMismatch');
          }
          const over = (): Promise<unknown> => backend.save(key('old'), webStream(pattern(size)), options);
          await unchanged(backend, key('old'), () => expectCode(over, 'LengthMismatch'));
        }
      }
      await absent(backend, key());
    },
  },
  {
    number: 57,
    title: 'more bytes than maxSize reject LengthMismatch, and nothing is visible; as many are fine',
    run: async (context) => {
      const { backend, key, limits } = context;
      for (const size of sizes(context)) {
        const options = { maxSize: size - 1, partSize: limits.partSize };
        for (const body of [webStream(pattern(size)), pattern(size)]) {
          await expectCode(backend.save(key(), body, options), 'LengthMismatch');
        }
        await absent(backend, key());
        await backend.save(key('fits'), webStream(pattern(size)), { ...options, maxSize: size });
        await holds(backend, key('fits'), pattern(size));
      }
    },
  },
];
