import assert from 'node:assert/strict';
import { isStorageError, type StorageBackend } from '@storage/core';
import { expectCode, holds, keysUnder, sameBytes } from '../assertions.ts';
import { iterable, pattern, webStream } from '../bodies.ts';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { count, defineArea } from '../case.ts';

/** Revision `seed` of an object: its size, bytes and metadata all follow from the seed. */
interface Whole {
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
}

function whole(context: CaseContext, seed: number): Whole {
  // Some fit one buffer, some are parts: what is torn between two paths must show as well.
  const size = seed % 3 === 0 ? context.limits.partSize + seed : 1000 + seed * 37;
  return { bytes: pattern(size, seed + 1), metadata: { seed: String(seed), size: String(size) } };
}

async function saveWhole(context: CaseContext, backend: StorageBackend, key: string, seed: number): Promise<void> {
  const { bytes, metadata } = whole(context, seed);
  const { partSize } = context.limits;
  const inParts = seed % 2 === 1;
  const body = inParts ? iterable(bytes) : bytes;
  try {
    await backend.save(key, body, { metadata, contentType: `application/x-${seed}`, partSize });
  } catch (error) {
    if (!inParts || !mayLose(context, error)) throw error;
  }
}

/** Where the first upload to complete wins, one that came later is told that nothing of it was stored (contract 44). */
function mayLose({ capabilities: { multipart } }: CaseContext, error: unknown): boolean {
  const firstWins = multipart !== false && multipart.concurrent === 'first-complete-wins';
  return firstWins && isStorageError(error) && error.code === 'Conflict' && error.retryable === 'safe';
}

/** Reads the object and asserts that bytes, headers and metadata are of one revision; resolves to its seed. */
async function readWhole(context: CaseContext, backend: StorageBackend, key: string): Promise<number> {
  const file = await backend.retrieve(key);
  const seed = Number(file.metadata['seed']);
  const { bytes, metadata } = whole(context, seed);
  sameBytes(await file.bytes(), bytes, `revision ${seed}`);
  assert.equal(file.size, bytes.byteLength, `size of revision ${seed}`);
  assert.equal(file.contentType, `application/x-${seed}`, `content type of revision ${seed}`);
  assert.deepEqual({ ...file.metadata }, metadata);
  return seed;
}

const parallel: ConformanceCase = {
  number: 215,
  title: '20 keys are written and read in parallel',
  run: async (context) => {
    const names = Array.from({ length: 20 }, (_, index) => context.key(`file-${String(index).padStart(2, '0')}`));
    await Promise.all(names.map((name, index) => saveWhole(context, context.backend, name, index)));
    const seeds = await Promise.all(names.map((name) => readWhole(context, context.backend, name)));
    assert.deepEqual(seeds, [...names.keys()]);
    assert.deepEqual(await keysUnder(context.backend, context.prefix), names);
  },
};

const manyWriters: ConformanceCase = {
  number: 216,
  title: 'after many unconditional writes of one key, the object is exactly one of them',
  run: async (context) => {
    const key = context.key();
    const backends = [context.backend, await context.make()] as const;
    for (let round = 0; round < count(5, 1000); round += 1) {
      const seeds = Array.from({ length: 12 }, (_, index) => round * 12 + index);
      await Promise.all(seeds.map((seed) => saveWhole(context, backends[seed % 2 === 0 ? 0 : 1], key, seed)));
      assert.ok(seeds.includes(await readWhole(context, context.backend, key)), `round ${round}`);
    }
  },
};

const storm: ConformanceCase = {
  number: 217,
  title: 'readers during a storm of overwrites see only whole revisions',
  run: async (context) => {
    const key = context.key();
    const reader = await context.make();
    await saveWhole(context, context.backend, key, 0);
    let writing = true;
    const writers = Array.from({ length: 3 }, async (_, writer) => {
      for (let round = 1; round <= count(20, 1000); round += 1) {
        await saveWhole(context, context.backend, key, round * 3 + writer);
      }
    });
    const seen = new Set<number>();
    const readers = Array.from({ length: 4 }, async () => {
      while (writing) seen.add(await readWhole(context, reader, key));
    });
    const written = Promise.all(writers).finally(() => {
      writing = false;
    });
    await Promise.all([written, ...readers]);
    assert.ok(seen.size > 1, 'the readers saw several revisions');
  },
};

const stormOfInfos: ConformanceCase = {
  number: 217,
  letter: 'a',
  title: 'infos, ranges and listings during a storm of overwrites are of one revision each',
  run: async (context) => {
    const key = context.key();
    await saveWhole(context, context.backend, key, 0);
    let writing = true;
    const writer = async (): Promise<void> => {
      for (let round = 1; round <= count(40, 1000); round += 1) await saveWhole(context, context.backend, key, round);
      writing = false;
    };
    const reader = async (): Promise<void> => {
      while (writing) {
        const info = await context.backend.getMetadata(key);
        assert.equal(String(info?.size), info?.metadata['size'], 'size and metadata of an info');
        const file = await context.backend.retrieve(key, { range: { start: 100, length: 50 } });
        const seed = Number(file.metadata['seed']);
        sameBytes(await file.bytes(), whole(context, seed).bytes.subarray(100, 150), `range of revision ${seed}`);
        const [entry] = await context.backend.listFiles(key);
        assert.equal(entry?.key, key, 'the key is listed at any time');
      }
    };
    const writes = writer().finally(() => {
      writing = false;
    });
    await Promise.all([writes, reader(), reader()]);
  },
};

const deleteRace: ConformanceCase = {
  number: 218,
  title: 'deletes that race with writes leave the object absent or whole',
  run: async (context) => {
    const key = context.key();
    const other = await context.make();
    for (let round = 0; round < count(20, 1000); round += 1) {
      await saveWhole(context, context.backend, key, 0);
      await Promise.all([
        other.delete(key),
        saveWhole(context, context.backend, key, round * 3 + 1),
        other.delete(key),
        saveWhole(context, other, key, round * 3 + 3),
      ]);
      if (await context.backend.exists(key)) await readWhole(context, other, key);
      else await expectCode(other.retrieve(key), 'NotFound');
    }
  },
};

const siblings: ConformanceCase = {
  number: 218,
  letter: 'a',
  title: 'deleting the last object of a prefix does not disturb a write into it',
  run: async (context) => {
    const other = await context.make();
    for (let round = 0; round < count(25, 1000); round += 1) {
      const [gone, kept] = [context.key(`deep/er/gone-${round}`), context.key(`deep/er/kept-${round}`)];
      await context.backend.save(gone, 'text');
      await Promise.all([context.backend.delete(gone), other.save(kept, pattern(100, round))]);
      await holds(context.backend, kept, pattern(100, round));
      await context.backend.delete(kept);
    }
    assert.deepEqual(await keysUnder(context.backend, context.prefix), []);
  },
};

const mixedBodies: ConformanceCase = {
  number: 215,
  letter: 'a',
  title: 'bodies of every kind are saved in parallel without mixing',
  run: async (context) => {
    const { backend, limits } = context;
    const sizes = [0, 1, 1000, limits.partSize, 2 * limits.partSize + 1];
    const bodies = sizes.flatMap((size, index) => {
      const bytes = pattern(size, index + 1);
      return [
        { bytes, body: bytes },
        { bytes, body: iterable(bytes) },
        { bytes, body: webStream(bytes) },
        { bytes, body: () => iterable(bytes, 777) },
        { bytes, body: new Blob([bytes]) },
      ];
    });
    await Promise.all(
      bodies.map(({ body }, index) => backend.save(context.key(`body-${index}`), body, { partSize: limits.partSize })),
    );
    await Promise.all(bodies.map(({ bytes }, index) => holds(backend, context.key(`body-${index}`), bytes)));
  },
};

export const concurrency: Area = defineArea({
  name: 'concurrency',
  title: 'M. Concurrency',
  cases: [parallel, mixedBodies, manyWriters, storm, stormOfInfos, deleteRace, siblings],
});
