import assert from 'node:assert/strict';
import type { ByteRange } from '@storage/core';
import { expectCode, expectEarly } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { gives } from './range-case.ts';

export const rangeBounds: readonly ConformanceCase[] = [
  {
    number: 83,
    title: 'a range in the middle, to the end, of the first and of the last byte',
    run: async ({ backend, key }) => {
      for (const size of [1000, 200_000]) {
        const whole = pattern(size, 83);
        await backend.save(key(), whole);
        await gives(backend, key(), { start: 100, end: 900 }, whole, 100, 900);
        await gives(backend, key(), { start: 100, length: 50 }, whole, 100, 150);
        await gives(backend, key(), { start: 990 }, whole, 990, size);
        await gives(backend, key(), { start: 0 }, whole, 0, size);
        await gives(backend, key(), { start: 0, end: 1 }, whole, 0, 1);
        await gives(backend, key(), { start: size - 1, end: size }, whole, size - 1, size);
        await gives(backend, key(), { start: 0, end: size }, whole, 0, size);
      }
      await expectCode(backend.retrieve(key('missing'), { range: { start: 1 } }), 'NotFound');
    },
  },
  {
    number: 84,
    title: 'an end past the end is clamped, and the range reported is the clamped one',
    run: async ({ backend, key }) => {
      const whole = pattern(1000, 84);
      await backend.save(key(), whole);
      await gives(backend, key(), { start: 10, end: 1001 }, whole, 10, 1000);
      await gives(backend, key(), { start: 999, end: 5000 }, whole, 999, 1000);
      await gives(backend, key(), { start: 0, length: 1_000_000 }, whole, 0, 1000);
    },
  },
  {
    number: 85,
    title: 'a start at or past the end of an object that is not empty is InvalidRange',
    run: async ({ backend, key }) => {
      await backend.save(key(), pattern(1000));
      for (const wrong of [{ start: 1000 }, { start: 1001 }, { start: 1000, end: 2000 }, { start: 5000, length: 1 }]) {
        const error = await expectCode(backend.retrieve(key(), { range: wrong }), 'InvalidRange');
        assert.equal(error.key, key());
        assert.equal(error.retryable, 'no');
      }
    },
  },
  {
    number: 86,
    title: 'a range of length 0 is empty and no error; of a missing key it is NotFound',
    run: async ({ backend, key }) => {
      const whole = pattern(1000, 86);
      await backend.save(key(), whole);
      for (const start of [0, 10, 999]) {
        await gives(backend, key(), { start, length: 0 }, whole, start, start);
        await gives(backend, key(), { start, end: start }, whole, start, start);
      }
      await expectCode(backend.retrieve(key('missing'), { range: { start: 0, length: 0 } }), 'NotFound');
    },
  },
  {
    number: 87,
    title: 'numbers that are no offset are refused, before any request',
    run: async (context) => {
      const wrong = [
        ...[-1, Number.NaN, 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53, '1', null, 1n].flatMap(
          (value) => [{ start: value }, { start: 0, end: value }, { start: 0, length: value }, { suffix: value }],
        ),
        { start: 5, end: 4 },
        { start: 0, end: 5, length: 5 },
        { start: 0, suffix: 5 },
        { end: 5 },
        {},
        { begin: 0 },
        'bytes=0-5',
      ];
      for (const range of wrong) {
        await expectEarly(context, 'InvalidArgument', (backend) =>
          backend.retrieve(context.key(), { range: range as ByteRange }),
        );
      }
    },
  },
  {
    number: 88,
    title: 'the last bytes: some, more than there are, none',
    claims: ['suffixRange'],
    run: async ({ backend, key }) => {
      const whole = pattern(1000, 88);
      await backend.save(key(), whole);
      await gives(backend, key(), { suffix: 1 }, whole, 999, 1000);
      await gives(backend, key(), { suffix: 100 }, whole, 900, 1000);
      await gives(backend, key(), { suffix: 1000 }, whole, 0, 1000);
      await gives(backend, key(), { suffix: 1001 }, whole, 0, 1000);
      await gives(backend, key(), { suffix: Number.MAX_SAFE_INTEGER }, whole, 0, 1000);
      await gives(backend, key(), { suffix: 0 }, whole, 1000, 1000);
      await expectCode(backend.retrieve(key('missing'), { range: { suffix: 1 } }), 'NotFound');
      await expectCode(backend.retrieve(key('missing'), { range: { suffix: 0 } }), 'NotFound');
    },
  },
  {
    number: 89,
    title: 'any range of an empty object is empty, and its info is there',
    run: async ({ backend, key }) => {
      const whole = new Uint8Array();
      await backend.save(key(), whole, { metadata: { a: 'b' } });
      const ranges: ByteRange[] = [
        { start: 0 },
        { start: 5 },
        { start: 0, end: 0 },
        { start: 0, end: 10 },
        { start: 3, length: 0 },
        { start: 3, length: 4 },
        { suffix: 0 },
        { suffix: 3 },
      ];
      for (const range of ranges) {
        await gives(backend, key(), range, whole, 0, 0);
        const file = await backend.retrieve(key(), { range });
        assert.equal(file.metadata['a'], 'b');
      }
    },
  },
  {
    number: 93,
    title: 'offsets above 2^32 and near 2^53 keep their value',
    run: async ({ backend, key }) => {
      const whole = pattern(1000, 93);
      await backend.save(key(), whole);
      const max = Number.MAX_SAFE_INTEGER;
      for (const start of [2 ** 31, 2 ** 32, 2 ** 32 + 10, 2 ** 40, max]) {
        await expectCode(backend.retrieve(key(), { range: { start } }), 'InvalidRange');
      }
      for (const end of [2 ** 31, 2 ** 32 + 5, 2 ** 40, max]) {
        await gives(backend, key(), { start: 5, end }, whole, 5, 1000);
        await gives(backend, key(), { start: 5, length: end }, whole, 5, 1000);
        await gives(backend, key(), { suffix: end }, whole, 0, 1000);
      }
    },
  },
];
