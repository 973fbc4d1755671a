import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { DriverFault, overDriver } from '@storage/core/driver';
import { eventually, holds, keysUnder, sameBytes } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';

async function saveEach(backend: StorageBackend, names: readonly string[]): Promise<void> {
  const left = [...names];
  const worker = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await backend.save(name, 'x');
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

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

/** A view whose service lets nobody delete one key. */
function denying(backend: StorageBackend, denied: string): StorageBackend {
  const refuse = (): DriverFault => new DriverFault('PermissionDenied', 'injected');
  return backend.with((driver) => {
    const removeMany = driver.removeMany?.bind(driver);
    return overDriver(driver, {
      remove: async (request, context) => {
        if (request.key === denied) throw refuse();
        return driver.remove(request, context);
      },
      ...(removeMany === undefined
        ? {}
        : {
            removeMany: async ({ keys }, context) => {
              const done = await removeMany({ keys: keys.filter((key) => key !== denied) }, context);
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

const cutDownloads: ConformanceCase = {
  number: 247,
  letter: 'a',
  title: 'over a connection: 100 unread downloads whose connections are all cut can still be read',
  uses: ['server'],
  timeoutMs: 60_000,
  run: async (context) => {
    const bytes = pattern(300_000, 4);
    await context.backend.save(context.key(), bytes);
    const { backend, proxy } = await context.makeProxied({ retry: { baseDelayMs: 10 } });
    await proxy.arm();
    const files = await Promise.all(Array.from({ length: 100 }, () => backend.retrieve(context.key())));
    const asked = proxy.requests.length;
    await proxy.arm();
    for (const file of files) sameBytes(await file.bytes(), bytes);
    assert.ok(asked >= 100 && proxy.requests.length > 0, 'what was cut is asked for again');
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

/** Numbers at which other libraries stop. */
export const peerCounts: readonly ConformanceCase[] = [
  bulkDelete,
  longListing,
  unreadDownloads,
  cutDownloads,
  destroyedStream,
];
