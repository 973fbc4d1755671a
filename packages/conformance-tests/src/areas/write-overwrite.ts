import assert from 'node:assert/strict';
import { expectEarly, headOf, holds, read } from '../assertions.ts';
import { hangingBody, pattern, utf8, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { during } from '../parallel.ts';
import { headers } from './write-case.ts';

export const overwrites: readonly ConformanceCase[] = [
  {
    number: 43,
    title: 'an overwrite replaces content, headers and metadata together',
    run: async ({ backend, key }) => {
      await backend.save(key(), 'old', { ...headers, metadata: { old: '1', both: 'old' } });
      await backend.save(key(), 'newer', { contentType: 'text/plain', metadata: { both: 'new', added: '2' } });
      const info = await headOf(backend, key());
      assert.deepEqual({ ...info.metadata }, { both: 'new', added: '2' });
      assert.equal(info.contentType, 'text/plain');
      assert.equal(info.size, 5);
      for (const name of ['cacheControl', 'contentDisposition', 'contentEncoding', 'contentLanguage'] as const) {
        assert.equal(info[name], undefined, `${name} of the old object is gone`);
      }
      await holds(backend, key(), utf8('newer'));
      await backend.save(key(), 'bare');
      assert.deepEqual({ ...(await headOf(backend, key())).metadata }, {});
    },
  },
  {
    number: 44,
    title: 'an overwrite with shorter content leaves no tail',
    run: async ({ backend, key, limits }) => {
      for (const size of [2 * limits.partSize + 5, 5000, 10, 0]) {
        const bytes = pattern(size, size);
        await backend.save(key(), webStream(bytes), { partSize: limits.partSize });
        assert.equal((await headOf(backend, key())).size, size);
        await holds(backend, key(), bytes);
      }
    },
  },
  {
    number: 53,
    title: 'the old object is readable until the new one commits',
    run: async ({ backend, key, prefix, limits }) => {
      const old = utf8('old');
      await backend.save(key(), old, { metadata: { version: 'old' } });
      const bytes = pattern(limits.partSize * 2 + 10, 53);
      for (const body of [bytes.subarray(0, 1000), bytes]) {
        const source = hangingBody(body);
        const saving = backend.save(key(), source.body, { partSize: limits.partSize, metadata: { version: 'new' } });
        await during(saving, async () => {
          await source.reached;
          await holds(backend, key(), old);
          assert.equal((await headOf(backend, key())).metadata['version'], 'old');
          const sizes = (await backend.listFiles(prefix)).map((entry) => entry.size);
          assert.deepEqual(sizes, [old.byteLength]);
          source.release();
        });
        await holds(backend, key(), body);
        assert.equal((await headOf(backend, key())).metadata['version'], 'new');
        await backend.save(key(), old, { metadata: { version: 'old' } });
      }
    },
  },
  {
    number: 66,
    title: 'changing the input buffer after save, or what a read returned, does not change the object',
    run: async ({ backend, key }) => {
      const bytes = pattern(5000, 66);
      const expected = Uint8Array.from(bytes);
      await backend.save(key(), bytes);
      bytes.fill(0);
      await holds(backend, key(), expected);
      (await read(backend, key())).fill(1);
      const file = await backend.retrieve(key());
      for await (const chunk of file) chunk.fill(2);
      await holds(backend, key(), expected);
    },
  },
  {
    number: 66,
    title: 'metadata changed after save, or after a head, does not change the object',
    run: async ({ backend, key }) => {
      const metadata: Record<string, string> = { a: '1' };
      await backend.save(key(), 'x', { metadata });
      metadata['a'] = '2';
      const info = await headOf(backend, key());
      assert.equal(info.metadata['a'], '1');
      Reflect.set(info.metadata, 'a', '3');
      assert.equal((await headOf(backend, key())).metadata['a'], '1');
    },
  },
  {
    number: 67,
    title: 'a key in the form of a folder is refused, with and without a body',
    run: async (context) => {
      for (const body of ['', 'x', new Uint8Array()]) {
        await expectEarly(context, 'InvalidKey', (backend) => backend.save(context.key('folder/'), body));
        await expectEarly(context, 'InvalidKey', (backend) => backend.save(context.prefix, body));
      }
      assert.deepEqual(await context.backend.listFiles(context.prefix), []);
    },
  },
];
