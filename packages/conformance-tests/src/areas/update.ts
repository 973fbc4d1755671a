import assert from 'node:assert/strict';
import type { SaveResult, StorageBackend } from '@storage/core';
import { absent, expectEarly, expectRefused, headOf, holds, read, rejectionOf, unchanged } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { storedAttributes } from '../stored.ts';
import type { Run } from './update-metadata.ts';

function updateCase(letter: string, title: string, run: Run): ConformanceCase {
  return {
    number: 171,
    letter,
    title,
    claims: ['ifMatchPut', 'ifAbsentPut'],
    needs: ({ ifMatchPut, ifAbsentPut }) => ifMatchPut && ifAbsentPut,
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) => backend.update(context.key(), () => 'new'));
    },
    run,
  };
}

/** Adds one to a decimal number. */
function increment(backend: StorageBackend, key: string): Promise<SaveResult | undefined> {
  return backend.update(key, async (file) => String(Number((await file?.text()) ?? 0) + 1));
}

const counts = updateCase('a', 'update by many callers at once loses no change', async (context) => {
  const key = context.key();
  const backends = [context.backend, await context.make()] as const;
  const [workers, rounds] = [4, count(5, 50)];
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let round = 0; round < rounds; round += 1) await increment(backends[worker % 2 === 0 ? 0 : 1], key);
    }),
  );
  await holds(context.backend, key, utf8(String(workers * rounds)));
});

const updateKeeps = updateCase(
  'b',
  'update creates, keeps headers and metadata, and leaves the file when the function gives nothing',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    assert.equal(await backend.update(key, () => undefined), undefined);
    await absent(backend, key);
    await backend.update(
      key,
      (file) => {
        assert.equal(file, undefined, 'there is no current file');
        return 'first';
      },
      storedAttributes,
    );
    const result = await backend.update(key, async (file) => `${(await file?.text()) ?? ''}, second`);
    const info = await headOf(backend, key);
    assert.equal(result?.etag, info.etag);
    assert.deepEqual(info.metadata, storedAttributes.metadata);
    assert.equal(info.contentType, storedAttributes.contentType);
    await holds(backend, key, utf8('first, second'));
    await unchanged(backend, key, () => backend.update(key, () => undefined));
  },
);

const updateSeesWinner = updateCase(
  'c',
  'update that lost a race is called again with what the winner wrote',
  async (context) => {
    const key = context.key();
    await context.backend.save(key, 'a');
    const seen: string[] = [];
    await context.backend.update(key, async (file) => {
      const text = (await file?.text()) ?? '';
      seen.push(text);
      if (seen.length === 1) await context.backend.save(key, `${text}b`);
      return `${text}c`;
    });
    assert.deepEqual(seen, ['a', 'ab']);
    await holds(context.backend, key, utf8('abc'));
  },
);

const updateDeleted = updateCase(
  'd',
  'update of a file that is deleted meanwhile starts from nothing',
  async (context) => {
    const key = context.key();
    await context.backend.save(key, 'a');
    const seen: (string | undefined)[] = [];
    await context.backend.update(key, async (file) => {
      const text = await file?.text();
      seen.push(text);
      if (seen.length === 1) await context.backend.delete(key);
      return 'new';
    });
    assert.deepEqual(seen, ['a', undefined]);
    await holds(context.backend, key, utf8('new'));
  },
);

const updateThrows = updateCase(
  'e',
  'what the function of update throws is the cause, and nothing changes',
  async (context) => {
    const key = context.key();
    const thrown = new Error('from the function');
    await context.backend.save(key, 'a');
    await unchanged(context.backend, key, async () => {
      const error = await rejectionOf(context.backend.update(key, () => Promise.reject(thrown)));
      assert.equal((error as Error).cause, thrown);
    });
    await expectEarly(context, 'InvalidArgument', (backend) =>
      backend.update(key, undefined as unknown as () => string),
    );
  },
);

const updateUnread = updateCase(
  'f',
  'update whose function does not read the file leaks no handle',
  async (context) => {
    const key = context.key();
    await context.backend.save(key, pattern(300_000));
    for (let round = 0; round < count(100, 2000); round += 1) await context.backend.update(key, () => undefined);
    assert.equal((await read(context.backend, key)).byteLength, 300_000);
  },
);

/** Bodies that change by compare-and-set. */
export const bodyUpdates: readonly ConformanceCase[] = [
  counts,
  updateKeeps,
  updateSeesWinner,
  updateDeleted,
  updateThrows,
  updateUnread,
];
