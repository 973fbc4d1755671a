import assert from 'node:assert/strict';
import { expectEarly, headOf } from '../assertions.ts';
import { pattern, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { inParallel } from '../parallel.ts';
import { comesBack } from './metadata-case.ts';

export const metadataNames: readonly ConformanceCase[] = [
  {
    number: 155,
    title: 'names come back in the spelling in which they were given',
    run: async ({ backend, key }) => {
      const spellings = [
        'jobId',
        'JOB_NO',
        'with-dash',
        'with_under',
        'X-Request-Id',
        '_private',
        'a1',
        'Z',
        'camelCaseName',
      ];
      await comesBack(backend, key('all'), Object.fromEntries(spellings.map((name) => [name, name])));
      await inParallel(spellings, (name) => comesBack(backend, key(name), { [name]: 'alone' }));
      await comesBack(backend, key('again'), { jobid: 'lower' });
      await comesBack(backend, key('again'), { JobID: 'other' });
    },
  },
  {
    number: 156,
    title: 'two names that some service takes for one are refused, before any request',
    run: async (context) => {
      const pairs = [
        ['jobId', 'jobid'],
        ['A', 'a'],
        ['a-b', 'a_b'],
        ['X-Y', 'x_y'],
      ];
      for (const [one = '', two = ''] of pairs) {
        const metadata = { [one]: '1', [two]: '2' };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', { metadata }));
      }
    },
  },
  {
    number: 157,
    title: 'names outside of the grammar are refused, before any request',
    run: async (context) => {
      const wrong = ['', ' ', '1a', '-a', 'a b', 'a.b', 'a:b', 'ü', 'a\n', 'a/b', 'a"', 'a=b', 'a(b)', 'a\u0000', '🙀'];
      for (const name of wrong) {
        const metadata = { [name]: 'x' };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', { metadata }));
      }
      for (const metadata of ['a=b', ['a'], new Map([['a', 'b']]), 7]) {
        const options = { metadata: metadata as never };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', options));
      }
    },
  },
  {
    number: 163,
    title: 'names of our own are hidden from users and refused as input',
    run: async (context) => {
      const { backend, key, limits, capabilities, prefix } = context;
      for (const name of [
        'storage-token',
        'storage_token',
        'Storage_Token',
        'storage-names',
        'STORAGE_NAMES',
        'storage-proto',
      ]) {
        const metadata = { [name]: 'x' };
        await expectEarly(context, 'InvalidArgument', (watched) => watched.save(key(), 'x', { metadata }));
      }
      const metadata = { jobId: '7', 'a-B': 'ü' };
      const { partSize } = limits;
      await backend.save(key('parts'), webStream(pattern(2 * partSize + 1)), { metadata, partSize });
      if (capabilities.ifAbsentPut) await backend.save(key('created'), 'x', { metadata, ifAbsent: true });
      if (capabilities.copy) await backend.copy(key('parts'), key('copy'));
      for (const entry of await backend.listFiles(prefix)) {
        const info = await headOf(backend, entry.key);
        assert.deepEqual({ ...info.metadata }, metadata, entry.key);
        assert.ok(!('token' in info), 'no token is shown');
      }
      if (capabilities.listMetadata === false) return;
      for (const entry of await backend.listFiles(prefix, { include: ['metadata'] })) {
        assert.deepEqual({ ...entry.metadata }, metadata, `${entry.key} in the listing`);
      }
    },
  },
  {
    number: 164,
    title: 'names of Object.prototype are ordinary names, and are not there when they were not given',
    run: async ({ backend, key }) => {
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
      for (const name of names) {
        const metadata = JSON.parse(`{"${name}":"own"}`) as Record<string, string>;
        await backend.save(key(name), 'x', { metadata });
        const file = await backend.retrieve(key(name));
        await file.cancel();
        for (const read of [(await headOf(backend, key(name))).metadata, file.metadata]) {
          assert.deepEqual(Object.entries(read), [[name, 'own']]);
          assert.ok(Object.hasOwn(read, name));
        }
      }
      assert.equal(Reflect.get(Object.prototype, 'own'), undefined);
      await backend.save(key('plain'), 'x', { metadata: { a: 'b' } });
      const { metadata } = await headOf(backend, key('plain'));
      for (const name of names) assert.ok(!Object.hasOwn(metadata, name));
    },
  },
];
