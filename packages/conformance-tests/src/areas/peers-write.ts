import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { isStorageError } from '@storage/core';
import { DriverFault } from '@storage/core/driver';
import {
  absent,
  eventually,
  expectCode,
  headOf,
  holds,
  read,
  rejectionOf,
  sameBytes,
  unchanged,
} from '../assertions.ts';
import { failingBody, hangingBody, iterable, pattern, webStream } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { winnersOf } from '../failures.ts';
import { storedAttributes } from '../stored.ts';

const failedOverwrite: ConformanceCase = {
  number: 241,
  title: 'an overwrite that fails in any way keeps the old object, whole, with its old metadata',
  run: async (context) => {
    const key = context.key();
    const { partSize } = context.limits;
    const large = pattern(3 * partSize, 2);
    await context.backend.save(key, pattern(5000, 1), storedAttributes);
    const { backend } = context;
    const broken = await context.makeFaulty([
      {
        on: ['put', 'multipart.complete'],
        times: 1000,
        fault: { kind: 'fail-before', error: () => new DriverFault('QuotaExceeded', 'full') },
      },
    ]);
    const ways: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['the source throws at once', () => backend.save(key, failingBody(new Uint8Array(0), new Error('source')))],
      ['the source throws in the first part', () => backend.save(key, failingBody(pattern(100), new Error('source')))],
      [
        'the source throws in a later part',
        () => backend.save(key, failingBody(large, new Error('source')), { partSize }),
      ],
      ['the body is too short', () => backend.save(key, iterable(pattern(99)), { size: 100 })],
      ['the body is too long', () => backend.save(key, iterable(pattern(101)), { size: 100 })],
      [
        'the body is longer than it may be',
        () => backend.save(key, iterable(large), { maxSize: 2 * partSize, partSize }),
      ],
      [
        'the checksum is another',
        () => backend.save(key, large, { checksum: { algorithm: 'crc32', value: '00000000' }, partSize }),
      ],
      ['the service refuses', () => broken.backend.save(key, 'new')],
      ['the service refuses parts', () => broken.backend.save(key, iterable(large), { partSize })],
      ['the metadata is bad', () => backend.save(key, 'new', { metadata: { 'no name': '1' } })],
      ['the caller aborts', () => abortedSave(backend, key)],
    ];
    for (const [name, way] of ways) {
      await unchanged(backend, key, async () => {
        const error = await rejectionOf(way);
        assert.ok(isStorageError(error), `${name}: ${String(error)}`);
      });
    }
    assert.ok(broken.faults.fired >= 2, 'the service refused');
  },
};

/** A save that is aborted while it waits for its body. */
async function abortedSave(backend: StorageBackend, key: string): Promise<unknown> {
  const controller = new AbortController();
  const { body, reached } = hangingBody(pattern(200_000));
  const saved = backend.save(key, body, { signal: controller.signal });
  void reached.then(() => controller.abort());
  return saved;
}

const concurrentParts: ConformanceCase = {
  number: 242,
  title: 'two concurrent saves of one key through one client never mix their parts',
  run: async (context) => {
    const key = context.key();
    const { partSize } = context.limits;
    for (let round = 0; round < count(4, 200); round += 1) {
      const bodies = [1, 2, 3].map((seed) => pattern(3 * partSize + seed, seed));
      const saves = bodies.map((bytes, index) =>
        context.backend.save(key, iterable(bytes), { partSize, metadata: { seed: String(index) } }),
      );
      const settled = await Promise.allSettled(saves);
      winnersOf(settled, 'Conflict');
      const { metadata } = await headOf(context.backend, key);
      sameBytes(await read(context.backend, key), bodies[Number(metadata['seed'])] as Uint8Array, `round ${round}`);
    }
  },
};

const mixedRace: ConformanceCase = {
  number: 253,
  title: 'of 32 creators with bytes, streams and parts exactly one wins, and its body is there',
  claims: ['ifAbsentPut'],
  needs: ({ ifAbsentPut }) => ifAbsentPut,
  refused: async (context) => {
    const { faults, backend } = await context.makeFaulty([]);
    await expectCode(backend.save(context.key(), iterable(pattern(10)), { ifAbsent: true }), 'Unsupported');
    assert.deepEqual(faults.calls, []);
    await absent(context.backend, context.key());
  },
  run: async (context) => {
    const { partSize } = context.limits;
    const backends = [context.backend, await context.make(), await context.make()];
    for (let round = 0; round < count(3, 100); round += 1) {
      const key = context.key(`round-${round}`);
      const bodies = Array.from({ length: 32 }, (_, index) =>
        pattern(index % 4 === 3 ? 2 * partSize + index : 500 + index, index + 1),
      );
      const settled = await Promise.allSettled(
        bodies.map((bytes, index) => {
          const body = [bytes, iterable(bytes), webStream(bytes), iterable(bytes)][index % 4] as Uint8Array;
          const options = { ifAbsent: true, partSize, metadata: { writer: String(index) } };
          return (backends[index % backends.length] as StorageBackend).save(key, body, options);
        }),
      );
      const winners = winnersOf(settled, 'AlreadyExists');
      assert.equal(winners.length, 1, `winners of round ${round}: ${winners.join()}`);
      const [winner] = winners as [number];
      await holds(context.backend, key, bodies[winner] as Uint8Array);
      assert.deepEqual((await headOf(context.backend, key)).metadata, { writer: String(winner) });
    }
  },
};

const abortLeavesNothing: ConformanceCase = {
  number: 249,
  title: 'an abort in the middle of a large upload leaves nothing in the store',
  uses: ['listLeftovers'],
  claims: ['multipart.abort'],
  run: async (context) => {
    const key = context.key();
    const { partSize } = context.limits;
    const controller = new AbortController();
    const { body, reached } = hangingBody(pattern(3 * partSize));
    const saved = expectCode(context.backend.save(key, body, { partSize, signal: controller.signal }), 'Aborted');
    await reached;
    controller.abort();
    await saved;
    await absent(context.backend, key);
    const { multipart } = context.capabilities;
    // Where an abort expires, parts may stay for the time that the backend states.
    if (multipart !== false && multipart.abort === 'expires') return;
    await eventually(async () => (await leftovers(context, key)) === 0, 'nothing is left');
  },
};

async function leftovers(context: CaseContext, key: string): Promise<number> {
  return (await context.harness.listLeftovers?.(key))?.length ?? 0;
}

/** Writes that other libraries lose, tear or mix. */
export const peerWrites: readonly ConformanceCase[] = [failedOverwrite, concurrentParts, mixedRace, abortLeavesNothing];
