import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { StorageBackend } from '@storage/core';
import { isStorageError } from '@storage/core';
import { DriverFault, overDriver } from '@storage/core/driver';
import {
  absent,
  eventually,
  expectCode,
  headOf,
  holds,
  keysUnder,
  read,
  rejectionOf,
  sameBytes,
  snapshot,
  unchanged,
} from '../assertions.ts';
import { failingBody, hangingBody, iterable, pattern, utf8, webStream } from '../bodies.ts';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { count, defineArea } from '../case.ts';
import { measureInChild } from '../measure.ts';
import type { MeasureTask } from '../measure.ts';
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
      for (const outcome of settled) {
        if (outcome.status === 'rejected') await expectCode(Promise.reject(outcome.reason as Error), 'Conflict');
      }
      const { metadata } = await headOf(context.backend, key);
      sameBytes(await read(context.backend, key), bodies[Number(metadata['seed'])] as Uint8Array, `round ${round}`);
    }
  },
};

const bulkDelete: ConformanceCase = {
  number: 243,
  title: '1,001 keys are deleted in one call, and what fails says so under its own key',
  claims: ['batchDelete'],
  run: async (context) => {
    const { backend } = context;
    const names = Array.from({ length: 1001 }, (_, index) => context.key(`k${String(index).padStart(4, '0')}`));
    await saveEach(backend, names);
    const denied = names[500] as string;
    const outcomes = await denying(backend, denied).deleteMany([...names, 'bad\u0000key']);
    assert.equal(outcomes.length, 1002);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.key),
      [...names, 'bad\u0000key'],
    );
    const failed = outcomes.filter((outcome) => !outcome.ok);
    assert.deepEqual(
      failed.map((outcome) => [outcome.key, outcome.error.code]),
      [
        [denied, 'PermissionDenied'],
        ['bad\u0000key', 'InvalidKey'],
      ],
    );
    assert.deepEqual(await keysUnder(backend, context.prefix), [denied]);
  },
};

async function saveEach(backend: StorageBackend, names: readonly string[]): Promise<void> {
  const left = [...names];
  const worker = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await backend.save(name, 'x');
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** A view whose service lets nobody delete one key. */
function denying(backend: StorageBackend, denied: string): StorageBackend {
  const refuse = (): DriverFault => new DriverFault('PermissionDenied', 'injected');
  return backend.with((driver) => {
    const { removeMany } = driver;
    return overDriver(driver, {
      remove: async (request, context) => {
        if (request.key === denied) throw refuse();
        return driver.remove(request, context);
      },
      ...(removeMany === undefined
        ? {}
        : {
            removeMany: async ({ keys }, context) => {
              const done = await removeMany.call(driver, { keys: keys.filter((key) => key !== denied) }, context);
              const rest = [...done];
              return keys.map((key) => (key === denied ? { error: refuse() } : (rest.shift() ?? { error: refuse() })));
            },
          }),
    });
  });
}

const longListing: ConformanceCase = {
  number: 244,
  title: 'a listing of 2,500 keys is complete, by every method',
  claims: ['maxPageSize'],
  timeoutMs: 60_000,
  run: async (context) => {
    const { backend } = context;
    const names = Array.from({ length: 2500 }, (_, index) => context.key(`k${String(index).padStart(5, '0')}`));
    await saveEach(backend, names);
    assert.deepEqual(
      (await backend.listFiles(context.prefix)).map((entry) => entry.key),
      names,
      'listFiles',
    );
    assert.deepEqual(await keysUnder(backend, context.prefix), names, 'walk');
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await backend.listPage({ prefix: context.prefix, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.entries.map((entry) => entry.key));
      cursor = page.cursor;
    } while (cursor !== undefined);
    assert.deepEqual(paged, names, 'listPage');
    const { deleted, failed } = await backend.deletePrefix(context.prefix);
    assert.deepEqual([deleted, failed.length], [2500, 0], 'deletePrefix');
    assert.deepEqual(await keysUnder(backend, context.prefix), []);
  },
};

const dotsInNames: ConformanceCase = {
  number: 245,
  title: 'dots in a name are ordinary; what would leave the store is refused or stays inside',
  run: async (context) => {
    const { backend } = context;
    const ordinary = [
      'foo../bar',
      '..foo',
      '...',
      'a/...',
      'a../..b',
      '.../x',
      '%2e%2e/x',
      'a/%2e%2e%2fx',
      'C:/x',
      'c:x',
      '~/x',
    ];
    for (const name of ordinary) {
      await backend.save(context.key(name), utf8(name));
      await holds(backend, context.key(name), utf8(name));
    }
    assert.deepEqual(
      (await keysUnder(backend, context.prefix)).toSorted(),
      ordinary.map((name) => context.key(name)).toSorted(),
    );

    const leaving = [
      '../x',
      '..\\x',
      'a/../../x',
      '/etc/passwd',
      '\\\\host\\share',
      `${context.prefix}../../x`,
      '..',
      './x',
      'a/..',
    ];
    for (const key of leaving) {
      await expectCode(backend.save(key, 'out'), 'InvalidKey');
      await expectCode(backend.retrieve(key), 'InvalidKey', 'NotFound');
      await expectCode(backend.createUpload(key), 'InvalidKey', 'Unsupported');
      if (backend.capabilities.copy) await expectCode(backend.copy(context.key('...'), key), 'InvalidKey');
    }
  },
};

const deniedIsNotAbsent: ConformanceCase = {
  number: 246,
  title: 'exists rejects with wrong credentials and says false for nothing but absence',
  uses: ['makeDenied'],
  run: async (context) => {
    const backend = await context.makeExtra('makeDenied');
    for (const call of [
      () => backend.exists(context.key()),
      () => backend.getMetadata(context.key()),
      () => backend.retrieve(context.key()),
    ]) {
      await expectCode(call, 'Unauthenticated', 'PermissionDenied');
    }
  },
};

const missingBucket: ConformanceCase = {
  number: 246,
  letter: 'a',
  title: 'a bucket that is not there is BucketNotFound for every call, never an absent object',
  uses: ['makeMissing'],
  run: async (context) => {
    const backend = await context.makeExtra('makeMissing');
    const key = context.key();
    const calls: readonly (() => Promise<unknown>)[] = [
      () => backend.exists(key),
      () => backend.getMetadata(key),
      () => backend.retrieve(key),
      () => backend.save(key, 'x'),
      () => backend.delete(key),
      () => backend.listFiles(),
    ];
    for (const call of calls) await expectCode(call, 'BucketNotFound');
  },
};

const unreadDownloads: ConformanceCase = {
  number: 247,
  title: '200 unread downloads exhaust nothing: the 201st works, and all 200 can still be read',
  timeoutMs: 60_000,
  run: async (context) => {
    const { backend } = context;
    const bytes = pattern(300_000, 4);
    await backend.save(context.key(), bytes);
    const files = await Promise.all(Array.from({ length: 200 }, () => backend.retrieve(context.key())));
    await holds(backend, context.key(), bytes);
    await backend.save(context.key('other'), 'works');
    assert.ok(files.every((file) => !file.bodyUsed));
    for (const file of files) sameBytes(await file.bytes(), bytes);
  },
};

const destroyedStream: ConformanceCase = {
  number: 248,
  title: 'a body that is destroyed, cancelled, disposed of or left stops the request behind it',
  run: async (context) => {
    await context.backend.save(context.key(), pattern(2_000_000));
    const { backend, faults } = await context.makeFaulty([]);
    const ways: readonly (readonly [string, () => Promise<void>])[] = [
      ['nodeStream().destroy()', async () => void (await backend.retrieve(context.key())).nodeStream().destroy()],
      ['stream().cancel()', async () => (await backend.retrieve(context.key())).stream().cancel()],
      [
        'reader.cancel() after a chunk',
        async () => {
          const reader = (await backend.retrieve(context.key())).stream().getReader();
          await reader.read();
          await reader.cancel();
        },
      ],
      ['cancel()', async () => (await backend.retrieve(context.key())).cancel()],
      [
        'break',
        async () => {
          for await (const chunk of await backend.retrieve(context.key())) if (chunk.byteLength > 0) break;
        },
      ],
      [
        'await using',
        async () => {
          await using file = await backend.retrieve(context.key());
          assert.equal(file.size, 2_000_000);
        },
      ],
      ['toResponse().body.cancel()', async () => (await backend.retrieve(context.key())).toResponse().body?.cancel()],
    ];
    for (const [name, way] of ways) {
      await way();
      await eventually(() => faults.openBodies === 0, `${name} gives the body back`);
    }
    assert.ok(faults.calls.filter((call) => call.operation === 'get').length >= ways.length);
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

const mebibyte = 1024 * 1024;
const ceiling = 128 * mebibyte;

/** More than the ceiling, so that whoever holds the whole body is seen. */
const largeSize = (): number => count(192, 1024) * mebibyte;

async function measure(context: CaseContext, task: MeasureTask): Promise<void> {
  const { idle, peak } = await measureInChild(context.harness.childScript ?? '', task);
  const above = Math.round((peak - idle) / mebibyte);
  assert.ok(
    peak - idle <= ceiling,
    `${task.kind} of ${task.size / mebibyte} MiB took ${above} MiB above idle, at most 128`,
  );
}

const uploadMemory: ConformanceCase = {
  number: 251,
  title: 'a large stream of unknown size is uploaded within 128 MiB above idle',
  uses: ['childScript'],
  timeoutMs: 120_000,
  run: async (context) => {
    await measure(context, { kind: 'upload', key: context.key(), size: largeSize() });
    await context.backend.delete(context.key());
  },
};

const downloadMemory: ConformanceCase = {
  number: 252,
  title: 'a large object is downloaded by a slow reader within 128 MiB above idle',
  uses: ['childScript'],
  timeoutMs: 120_000,
  run: async (context) => {
    const task = { key: context.key(), size: largeSize() };
    await measure(context, { kind: 'upload', ...task });
    await measure(context, { kind: 'download', ...task });
    await context.backend.delete(context.key());
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
      const winners = settled.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []));
      assert.equal(winners.length, 1, `winners of round ${round}: ${winners.join()}`);
      for (const outcome of settled) {
        if (outcome.status === 'rejected') await expectCode(Promise.reject(outcome.reason as Error), 'AlreadyExists');
      }
      const [winner] = winners as [number];
      await holds(context.backend, key, bodies[winner] as Uint8Array);
      assert.deepEqual((await headOf(context.backend, key)).metadata, { writer: String(winner) });
    }
  },
};

const symlinks: ConformanceCase = {
  number: 254,
  title: 'a symbolic link that leads out of the store is refused for every call, and its target stays',
  uses: ['plant'],
  run: async (context) => {
    const { backend, harness } = context;
    const [outside, link] = [context.key('outside'), context.key('folder/link')];
    await backend.save(outside, 'target');
    await harness.plant?.({ kind: 'symlink', key: link, target: outside });
    const before = await snapshot(backend, outside);
    const refusals: readonly (() => Promise<unknown>)[] = [
      () => backend.retrieve(link),
      ...(backend.capabilities.copy
        ? [() => backend.copy(link, context.key('copy')), () => backend.move(link, context.key('moved'))]
        : []),
    ];
    for (const call of refusals) assert.ok(isStorageError(await rejectionOf(call)));
    await absent(backend, context.key('copy'));
    await absent(backend, context.key('moved'));
    assert.ok(!(await keysUnder(backend, context.prefix)).includes(link), 'it is not listed');
    // To replace or to remove the link itself is allowed; to reach through it is not.
    await backend.save(link, 'through?').catch((error: unknown) => assert.ok(isStorageError(error)));
    await backend.delete(link).catch((error: unknown) => assert.ok(isStorageError(error)));
    assert.deepEqual(await snapshot(backend, outside), before);
  },
};

const noSecretAnywhere: ConformanceCase = {
  number: 256,
  title: 'no secret appears in an error, its JSON, inspect, an event or a log line',
  uses: ['secrets'],
  run: async (context) => {
    const { harness } = context;
    const secrets = harness.secrets ?? [];
    assert.ok(secrets.length > 0, 'the harness names the secrets');
    const seen: string[] = [];
    const note = (...values: readonly unknown[]): void => {
      for (const value of values) seen.push(inspect(value, { depth: 6 }), JSON.stringify(value) ?? '');
    };
    const logger = { debug: note, info: note, warn: note, error: note };
    const backend = await context.make({ observer: note, logger });
    await backend.save(context.key(), 'text');
    await backend.exists(context.key());
    const errors = [await rejectionOf(backend.retrieve(context.key('missing')))];
    for (const secret of secrets) {
      const { backend: failing } = await context.makeFaulty(
        [
          {
            on: ['head', 'put'],
            times: 2,
            fault: { kind: 'fail-before', error: () => new Error(`sent ${secret} to the service`) },
          },
        ],
        { observer: note, logger },
      );
      errors.push(
        await rejectionOf(failing.exists(context.key())),
        await rejectionOf(failing.save(context.key(), 'x')),
      );
    }
    note(backend);
    for (const error of errors as Error[]) note(error, error.message, error.stack, String(error));
    assert.ok(seen.length > 10, 'events and lines were seen');
    for (const text of seen) for (const secret of secrets) assert.ok(!text.includes(secret), `shows a secret: ${text}`);
  },
};

export const peers: Area = defineArea({
  name: 'peers',
  title: 'P. Found in other libraries',
  cases: [
    failedOverwrite,
    concurrentParts,
    bulkDelete,
    longListing,
    dotsInNames,
    deniedIsNotAbsent,
    missingBucket,
    unreadDownloads,
    destroyedStream,
    abortLeavesNothing,
    uploadMemory,
    downloadMemory,
    mixedRace,
    symlinks,
    noSecretAnywhere,
  ],
});
