import assert from 'node:assert/strict';
import { assertCode, expectCode, headOf, holds, unchanged } from '../assertions.ts';
import { iterable, pattern, utf8, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { refusedSave } from './conditions-case.ts';

export const createOnly: readonly ConformanceCase[] = [
  {
    number: 165,
    title: 'create-only: the first succeeds, the second is AlreadyExists, content and metadata unchanged',
    claims: ['ifAbsentPut'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: async ({ backend, key }) => {
      await backend.save(key(), 'first', { ifAbsent: true, metadata: { who: 'first' }, contentType: 'text/plain' });
      await holds(backend, key(), utf8('first'));
      const again = (): Promise<unknown> =>
        backend.save(key(), 'second', { ifAbsent: true, metadata: { who: 'second' } });
      const error = await unchanged(backend, key(), () => expectCode(again, 'AlreadyExists'));
      assert.equal(error.key, key());
      assert.equal(error.retryable, 'no');
      await backend.save(key(), 'third', { ifAbsent: false });
      await backend.delete(key());
      await backend.save(key(), 'fourth', { ifAbsent: true });
      await holds(backend, key(), utf8('fourth'));
      await backend.save(key('empty'), '', { ifAbsent: true });
      await expectCode(backend.save(key('empty'), '', { ifAbsent: true }), 'AlreadyExists');
    },
    refused: (context) => refusedSave(context, { ifAbsent: true }),
  },
  {
    number: 166,
    title: 'create-only of a body in parts, of known and of unknown size',
    claims: ['ifAbsentPut', 'multipart.conditionalComplete'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: async ({ backend, key, limits }) => {
      const bytes = pattern(2 * limits.partSize + 9, 166);
      const { partSize } = limits;
      const options = { ifAbsent: true, partSize, metadata: { who: 'first' } };
      await backend.save(key('unknown'), webStream(bytes), options);
      await backend.save(key('known'), webStream(bytes), { ...options, size: bytes.byteLength });
      await backend.save(key('replayable'), () => iterable(bytes), options);
      for (const name of ['unknown', 'known', 'replayable']) {
        await holds(backend, key(name), bytes);
        for (const body of [webStream(pattern(2 * partSize + 1, 2)), utf8('small')]) {
          const again = (): Promise<unknown> => backend.save(key(name), body, options);
          await unchanged(backend, key(name), () => expectCode(again, 'AlreadyExists'));
        }
      }
    },
    refused: (context) => refusedSave(context, { ifAbsent: true }),
  },
  {
    number: 167,
    title: 'of many creators of one key at once exactly one succeeds, and the content is the winner’s',
    claims: ['ifAbsentPut'],
    needs: (capabilities) => capabilities.ifAbsentPut,
    run: async ({ backend, make, key }) => {
      const instances = [backend, await make(), await make()];
      for (let round = 0; round < count(4, 100); round += 1) {
        const name = key(`round-${round}`);
        const creators = Array.from({ length: 16 }, (_, index) => {
          const body = pattern(5000 + index, index + 1);
          const instance = instances[index % instances.length] ?? backend;
          const source = index % 2 === 0 ? body : webStream(body);
          return instance.save(name, source, { ifAbsent: true, metadata: { who: String(index) } }).then(
            () => body,
            async (error: unknown) => void assertCode(error, 'AlreadyExists'),
          );
        });
        const winners = (await Promise.all(creators)).filter((body) => body !== undefined);
        assert.equal(winners.length, 1, `${winners.length} winners in round ${round}`);
        await holds(backend, name, winners[0] ?? new Uint8Array());
        const { metadata, size } = await headOf(backend, name);
        assert.equal(size, 5000 + Number(metadata['who']), 'the metadata is the winner’s too');
      }
    },
    refused: (context) => refusedSave(context, { ifAbsent: true }),
  },
];
