import assert from 'node:assert/strict';
import type { Capabilities, CopyOptions, StorageBackend } from '@storage/core';
import {
  absent,
  expectCode,
  expectRefused,
  headOf,
  holds,
  keysUnder,
  read,
  sameBytes,
  unchanged,
} from '../assertions.ts';
import { iterable, pattern, utf8 } from '../bodies.ts';
import type { Area, CaseContext, Claim, ConformanceCase } from '../case.ts';
import { count, defineArea } from '../case.ts';
import { weirdNames } from '../keys.ts';
import { storedAttributes, withoutIdentity } from '../stored.ts';

/** A case of copies; where they are not claimed, or not with this option, it shows the refusal. */
function copyCase(item: {
  readonly number: number;
  readonly letter?: string;
  readonly title: string;
  readonly claims?: readonly Claim[];
  readonly needs?: keyof Capabilities;
  /** What the copy of the refusal is asked with. */
  readonly option?: CopyOptions;
  readonly run: (context: CaseContext) => Promise<void>;
}): ConformanceCase {
  const { needs = 'copy', option = {}, claims = [], ...rest } = item;
  return {
    ...rest,
    claims: [...new Set<Claim>(['copy', needs, ...claims])],
    needs: (capabilities) => capabilities.copy && capabilities[needs] !== false,
    refused: async (context) => {
      const source = context.key('source');
      await context.backend.save(source, 'source');
      await expectRefused(context, source, (backend) => backend.copy(source, context.key('copy'), option));
      await absent(context.backend, context.key('copy'));
    },
  };
}

/** A source with everything that can be stored beside bytes. */
async function saveFull(context: CaseContext, key: string, bytes: Uint8Array): Promise<void> {
  const { capabilities, backend } = context;
  await backend.save(key, bytes, {
    ...storedAttributes,
    ...(capabilities.tags ? { tags: { colour: 'blue', year: '2026' } } : {}),
  });
}

/** Asserts that `copy` holds what `source` holds. */
async function sameObject(context: CaseContext, source: string, copy: string): Promise<void> {
  const { backend, capabilities } = context;
  assert.deepEqual(withoutIdentity(await headOf(backend, copy)), withoutIdentity(await headOf(backend, source)));
  sameBytes(await read(backend, copy), await read(backend, source), copy);
  if (capabilities.tags) assert.deepEqual(await backend.getTags(copy), await backend.getTags(source), 'tags');
}

const toNewKey = copyCase({
  number: 136,
  title: 'a copy has the bytes, headers, metadata and tags of its source',
  run: async (context) => {
    const [source, copy] = [context.key('source'), context.key('copy')];
    await saveFull(context, source, pattern(10_000, 7));
    const result = await unchanged(context.backend, source, () => context.backend.copy(source, copy));
    await sameObject(context, source, copy);
    const info = await headOf(context.backend, copy);
    assert.equal(result.key, copy);
    assert.equal(result.etag, info.etag, 'etag of the result');
    assert.equal(result.size, 10_000);
    assert.equal(result.versionId, info.versionId, 'version of the result');
    assert.deepEqual(result.metadata, info.metadata, 'metadata of the result');
    assert.equal(result.contentType, info.contentType);
    if (result.lastModified !== undefined) assert.deepEqual(result.lastModified, info.lastModified);
  },
});

const overExisting = copyCase({
  number: 137,
  title: 'a copy over an existing object replaces bytes, headers and metadata and leaves nothing of the old',
  run: async (context) => {
    const [source, copy] = [context.key('source'), context.key('copy')];
    await context.backend.save(source, pattern(10, 1), { metadata: { fresh: 'yes' } });
    await saveFull(context, copy, pattern(5000, 2));
    await context.backend.copy(source, copy);
    await sameObject(context, source, copy);
    const info = await headOf(context.backend, copy);
    assert.deepEqual(info.metadata, { fresh: 'yes' });
    assert.equal(info.cacheControl, undefined);
    assert.equal(info.size, 10);
  },
});

const missingSource = copyCase({
  number: 138,
  title: 'copying a missing source is NotFound and leaves the destination as it was',
  run: async (context) => {
    const { backend } = context;
    const [old, fresh] = [context.key('old'), context.key('fresh')];
    await saveFull(context, old, pattern(100));
    const error = await unchanged(backend, old, () =>
      expectCode(backend.copy(context.key('missing'), old), 'NotFound'),
    );
    assert.ok(error.message.includes(context.key('missing')), 'the error names the missing key');
    await expectCode(backend.copy(context.key('missing'), fresh), 'NotFound');
    await absent(backend, fresh);
  },
});

const toItself = copyCase({
  number: 139,
  title: 'copying a key onto itself without changes is a successful no-op',
  run: async (context) => {
    const key = context.key();
    await saveFull(context, key, pattern(3000));
    const result = await unchanged(context.backend, key, () => context.backend.copy(key, key));
    assert.equal(result.etag, (await headOf(context.backend, key)).etag);
    assert.deepEqual(await keysUnder(context.backend, context.prefix), [key]);
  },
});

const toItselfChanged = copyCase({
  number: 139,
  letter: 'a',
  title: 'copying a key onto itself with other metadata changes the metadata and nothing else',
  run: async (context) => {
    const key = context.key();
    await saveFull(context, key, pattern(3000));
    await context.backend.copy(key, key, { metadata: { other: '1' } });
    const info = await headOf(context.backend, key);
    assert.deepEqual(info.metadata, { other: '1' });
    assert.equal(info.contentType, storedAttributes.contentType);
    await holds(context.backend, key, pattern(3000));
  },
});

const aliasing = copyCase({
  number: 140,
  title: 'later changes to the source do not reach the copy, nor the other way round',
  run: async (context) => {
    const { backend } = context;
    const [source, copy, second] = [context.key('source'), context.key('copy'), context.key('second')];
    await backend.save(source, pattern(4000, 1), { metadata: { of: 'source' } });
    await backend.copy(source, copy);
    await backend.copy(source, second);
    // The same size and a longer one: a shared file that is written in place would show either.
    await unchanged(backend, copy, () => backend.save(source, pattern(4000, 2), { metadata: { of: 'later' } }));
    await unchanged(backend, copy, () => backend.save(source, pattern(9000, 3)));
    await unchanged(backend, copy, () => backend.delete(source));
    await holds(backend, copy, pattern(4000, 1));
    await unchanged(backend, second, () => backend.save(copy, pattern(4000, 4)));
  },
});

const metadataAliasing = copyCase({
  number: 140,
  letter: 'a',
  title: 'a metadata change of the source does not reach the copy',
  needs: 'setMetadata',
  run: async (context) => {
    const { backend } = context;
    const [source, copy] = [context.key('source'), context.key('copy')];
    await backend.save(source, 'text', { metadata: { a: '1' } });
    await backend.copy(source, copy);
    await unchanged(backend, copy, () => backend.updateMetadata(source, { a: '2', b: '3' }));
    await unchanged(backend, source, () => backend.updateMetadata(copy, { a: '4' }));
  },
});

const weirdKeys = copyCase({
  number: 141,
  title: 'weird keys are copied to weird keys',
  run: async (context) => {
    const { backend } = context;
    const expected: string[] = [];
    for (const [index, name] of weirdNames.entries()) {
      const source = context.key(`from/${name}`);
      const copy = context.key(`to/${weirdNames.at(index - 1)}`);
      await backend.save(source, utf8(name));
      await backend.copy(source, copy);
      await holds(backend, copy, utf8(name));
      expected.push(copy);
    }
    assert.deepEqual((await keysUnder(backend, context.key('to/'))).toSorted(), expected.toSorted());
  },
});

const nestedPrefix = copyCase({
  number: 142,
  title: 'a copy into a prefix that nothing is in yet is listed there',
  run: async (context) => {
    const copy = context.key('new/and/deep/er.txt');
    await context.backend.save(context.key('source'), 'text');
    await context.backend.copy(context.key('source'), copy);
    await holds(context.backend, copy, utf8('text'));
    const page = await context.backend.listPage({ prefix: context.prefix, delimiter: '/' });
    assert.deepEqual(page.prefixes, [context.key('new/')]);
    assert.deepEqual(await keysUnder(context.backend, context.key('new/')), [copy]);
  },
});

const ifAbsent = copyCase({
  number: 143,
  title: 'copy with ifAbsent makes a new object and leaves an existing one as it was',
  needs: 'ifAbsentCopy',
  option: { ifAbsent: true },
  run: async (context) => {
    const { backend } = context;
    const [source, copy] = [context.key('source'), context.key('copy')];
    await saveFull(context, source, pattern(200, 1));
    await backend.copy(source, copy, { ifAbsent: true });
    await sameObject(context, source, copy);
    await backend.save(source, pattern(300, 2));
    await unchanged(backend, copy, () => expectCode(backend.copy(source, copy, { ifAbsent: true }), 'AlreadyExists'));
  },
});

const ifAbsentRace = copyCase({
  number: 143,
  letter: 'a',
  title: 'of many concurrent copies with ifAbsent exactly one succeeds, and its bytes are there',
  needs: 'ifAbsentCopy',
  option: { ifAbsent: true },
  run: async (context) => {
    const backends = [context.backend, await context.make()];
    const copy = context.key('copy');
    const sources = Array.from({ length: 8 }, (_, index) => context.key(`source-${index}`));
    for (const [index, source] of sources.entries()) await context.backend.save(source, pattern(500, index));
    for (let round = 0; round < count(5, 100); round += 1) {
      const winners = await race(sources, (source, index) =>
        (backends[index % 2] as StorageBackend).copy(source, copy, { ifAbsent: true }),
      );
      assert.equal(winners.length, 1, 'one copy succeeds');
      await holds(context.backend, copy, pattern(500, winners[0]));
      await context.backend.delete(copy);
    }
  },
});

/** Starts all at once; resolves to the places of those that resolved. The others must be AlreadyExists. */
async function race<T>(items: readonly T[], start: (item: T, index: number) => Promise<unknown>): Promise<number[]> {
  const settled = await Promise.allSettled(items.map(start));
  const winners: number[] = [];
  for (const [index, outcome] of settled.entries()) {
    if (outcome.status === 'fulfilled') winners.push(index);
    else await expectCode(Promise.reject(outcome.reason as Error), 'AlreadyExists');
  }
  return winners;
}

const ifAbsentLost = copyCase({
  number: 143,
  letter: 'b',
  title: 'a conditional copy whose answer was lost does not report its own work as a failure',
  needs: 'ifAbsentCopy',
  option: { ifAbsent: true },
  run: async (context) => {
    const { backend, faults } = await context.makeFaulty([{ on: 'copy', fault: { kind: 'lose-answer' } }]);
    const [source, copy] = [context.key('source'), context.key('copy')];
    await backend.save(source, pattern(300));
    const result = await backend.copy(source, copy, { ifAbsent: true });
    assert.equal(faults.fired, 1, 'the answer was lost');
    assert.equal(result.etag, (await headOf(context.backend, copy)).etag);
    await holds(context.backend, copy, pattern(300));
  },
});

const sourceIfMatch = copyCase({
  number: 144,
  title: 'copy with sourceIfMatch copies that revision only',
  needs: 'sourceIfMatchCopy',
  option: { sourceIfMatch: '"etag"' },
  run: async (context) => {
    const { backend } = context;
    const [source, copy, old] = [context.key('source'), context.key('copy'), context.key('old')];
    const { etag: stale } = await backend.save(source, pattern(200, 1));
    const { etag: current } = await backend.save(source, pattern(200, 2));
    await backend.save(old, 'old');
    await expectCode(backend.copy(source, copy, { sourceIfMatch: stale }), 'PreconditionFailed');
    await absent(backend, copy);
    await unchanged(backend, old, () =>
      expectCode(backend.copy(source, old, { sourceIfMatch: stale }), 'PreconditionFailed'),
    );
    await backend.copy(source, copy, { sourceIfMatch: current });
    await holds(backend, copy, pattern(200, 2));
  },
});

const sourceChanges = copyCase({
  number: 144,
  letter: 'a',
  title: 'a source that changes just before the copy fails sourceIfMatch',
  needs: 'sourceIfMatchCopy',
  option: { sourceIfMatch: '"etag"' },
  run: async (context) => {
    const [source, copy] = [context.key('source'), context.key('copy')];
    const { etag } = await context.backend.save(source, pattern(200, 1));
    const run = (): Promise<unknown> => context.backend.save(source, pattern(200, 2));
    const { backend, faults } = await context.makeFaulty([{ on: 'copy', fault: { kind: 'before', run } }]);
    await expectCode(backend.copy(source, copy, { sourceIfMatch: etag }), 'PreconditionFailed');
    assert.equal(faults.fired, 1, 'the source changed in between');
    await absent(backend, copy);
  },
});

const destinationIfMatch = copyCase({
  number: 144,
  letter: 'b',
  title: 'copy with ifMatch replaces that revision of the destination only',
  needs: 'ifMatchCopy',
  option: { ifMatch: '"etag"' },
  run: async (context) => {
    const { backend } = context;
    const [source, copy] = [context.key('source'), context.key('copy')];
    await backend.save(source, pattern(200, 9));
    const { etag: stale } = await backend.save(copy, pattern(100, 1));
    const { etag: current } = await backend.save(copy, pattern(100, 2));
    await unchanged(backend, copy, () =>
      expectCode(backend.copy(source, copy, { ifMatch: stale }), 'PreconditionFailed'),
    );
    await expectCode(backend.copy(source, context.key('none'), { ifMatch: current }), 'PreconditionFailed');
    await absent(backend, context.key('none'));
    await backend.copy(source, copy, { ifMatch: current });
    await holds(backend, copy, pattern(200, 9));
  },
});

const emptyAndLarge = copyCase({
  number: 145,
  title: 'an empty object and one that was uploaded in parts are copied whole',
  run: async (context) => {
    const { backend, limits } = context;
    const bytes = pattern(2 * limits.partSize + 1, 3);
    await backend.save(context.key('empty'), '', { metadata: { kind: 'empty' } });
    await backend.save(context.key('large'), iterable(bytes), {
      partSize: limits.partSize,
      metadata: { kind: 'large' },
    });
    for (const name of ['empty', 'large']) {
      await backend.copy(context.key(name), context.key(`${name}-copy`));
      await sameObject(context, context.key(name), context.key(`${name}-copy`));
    }
    await holds(backend, context.key('large-copy'), bytes);
  },
});

const complete = copyCase({
  number: 146,
  title: 'a copy is complete and visible to every instance when the call resolves',
  run: async (context) => {
    const other = await context.make();
    const bytes = pattern(context.limits.partSize, 5);
    await context.backend.save(context.key('source'), bytes);
    for (let round = 0; round < count(10, 200); round += 1) {
      const copy = context.key(`copy-${round}`);
      await context.backend.copy(context.key('source'), copy);
      const [file, listed] = await Promise.all([other.retrieve(copy), other.listFiles(copy)]);
      assert.equal(file.size, bytes.byteLength);
      sameBytes(await file.bytes(), bytes, copy);
      assert.deepEqual(
        listed.map((entry) => [entry.key, entry.size]),
        [[copy, bytes.byteLength]],
      );
    }
  },
});

const aborted = copyCase({
  number: 147,
  title: 'an aborted copy leaves the destination absent, as it was, or complete',
  run: async (context) => {
    const [source, copy, old] = [context.key('source'), context.key('copy'), context.key('old')];
    await saveFull(context, source, pattern(900, 1));
    await saveFull(context, old, pattern(700, 2));
    const controller = new AbortController();
    const reason = new Error('enough');
    const slow = await context.makeFaulty([{ on: 'copy', times: 2, fault: { kind: 'delay', ms: 20_000 } }]);
    setTimeout(() => controller.abort(reason), 20);
    const began = performance.now();
    const { signal } = controller;
    const [first] = await Promise.all([
      expectCode(slow.backend.copy(source, copy, { signal }), 'Aborted'),
      unchanged(context.backend, old, () => expectCode(slow.backend.copy(source, old, { signal }), 'Aborted')),
    ]);
    assert.equal(first.cause, reason);
    assert.ok(performance.now() - began < 5000, 'rejects promptly');
    assert.equal(slow.faults.fired, 2);
    await absent(context.backend, copy);
  },
});

const abortedLate = copyCase({
  number: 147,
  letter: 'a',
  title: 'a copy that is aborted after it was committed rejects as ambiguous, and the destination is complete',
  run: async (context) => {
    const [source, copy] = [context.key('source'), context.key('copy')];
    await saveFull(context, source, pattern(900, 1));
    const controller = new AbortController();
    const late = await context.makeFaulty([
      { on: 'copy', fault: { kind: 'after', run: async () => controller.abort() } },
    ]);
    const error = await late.backend.copy(source, copy, { signal: controller.signal }).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    assert.equal(late.faults.fired, 1);
    if (error !== undefined) {
      const failure = await expectCode(Promise.reject(error as Error), 'Aborted');
      assert.equal(failure.retryable, 'ambiguous', 'what may have been applied is said to be');
    }
    await sameObject(context, source, copy);
  },
});

const replaceOrKeep = copyCase({
  number: 148,
  title: 'a copy replaces the metadata or headers that it is given and keeps the others',
  run: async (context) => {
    const { backend } = context;
    const source = context.key('source');
    await saveFull(context, source, pattern(50));
    const kept = await headOf(backend, source);

    await backend.copy(source, context.key('other-metadata'), { metadata: { fresh: 'ü' } });
    const otherMetadata = await headOf(backend, context.key('other-metadata'));
    assert.deepEqual(otherMetadata.metadata, { fresh: 'ü' });
    assert.deepEqual(
      withoutIdentity({ ...otherMetadata, metadata: kept.metadata }),
      withoutIdentity(kept),
      'headers are kept',
    );

    await backend.copy(source, context.key('other-type'), { contentType: 'text/csv', cacheControl: 'no-store' });
    const otherType = await headOf(backend, context.key('other-type'));
    assert.equal(otherType.contentType, 'text/csv');
    assert.equal(otherType.cacheControl, 'no-store');
    assert.equal(otherType.contentLanguage, kept.contentLanguage);
    assert.deepEqual(otherType.metadata, kept.metadata, 'metadata is kept');

    await backend.copy(source, context.key('none'), { metadata: {} });
    assert.deepEqual((await headOf(backend, context.key('none'))).metadata, {});
    for (const name of ['other-metadata', 'other-type', 'none']) await holds(backend, context.key(name), pattern(50));
  },
});

const badArguments = copyCase({
  number: 148,
  letter: 'a',
  title: 'bad keys and bad attributes of a copy are refused before any request',
  run: async (context) => {
    const { backend, faults } = await context.makeFaulty([]);
    await context.backend.save(context.key('source'), 'text');
    const source = context.key('source');
    await expectCode(backend.copy(source, ''), 'InvalidKey');
    await expectCode(backend.copy('', source), 'InvalidKey');
    await expectCode(backend.copy(source, context.key('a\u0000b')), 'InvalidKey');
    await expectCode(backend.copy(source, context.key('../b')), 'InvalidKey');
    await expectCode(backend.copy(source, context.key('b'), { metadata: { 'not a name': '1' } }), 'InvalidArgument');
    await expectCode(backend.copy(source, context.key('b'), { contentType: 'no type\n' }), 'InvalidArgument');
    await expectCode(backend.copy(source, context.key('b'), { unknown: true } as CopyOptions), 'InvalidArgument');
    assert.deepEqual(faults.calls, [], 'nothing was sent');
    await absent(context.backend, context.key('b'));
  },
});

const move = copyCase({
  number: 149,
  title: 'a move takes bytes, headers and metadata along; the source is gone, and a missing one is NotFound',
  claims: ['atomicMove'],
  run: async (context) => {
    const { backend } = context;
    const [source, copy, moved] = [context.key('source'), context.key('copy'), context.key('moved')];
    await saveFull(context, source, pattern(1234));
    await backend.copy(source, copy);
    const result = await backend.move(source, moved);
    assert.equal(result.key, moved);
    assert.equal(result.etag, (await headOf(backend, moved)).etag);
    await sameObject(context, copy, moved);
    await absent(backend, source);
    await unchanged(backend, moved, () => expectCode(backend.move(source, moved), 'NotFound'));
  },
});

const moveOver = copyCase({
  number: 150,
  title: 'a move over an existing object replaces it',
  run: async (context) => {
    const { backend } = context;
    const [source, moved] = [context.key('source'), context.key('moved')];
    await backend.save(source, pattern(10, 1), { metadata: { fresh: 'yes' } });
    await saveFull(context, moved, pattern(5000, 2));
    await backend.move(source, moved);
    await holds(backend, moved, pattern(10, 1));
    const info = await headOf(backend, moved);
    assert.deepEqual(info.metadata, { fresh: 'yes' });
    assert.equal(info.cacheControl, undefined);
    assert.deepEqual(await keysUnder(backend, context.prefix), [moved]);
  },
});

const moveIfAbsent = copyCase({
  number: 150,
  letter: 'a',
  title: 'move with ifAbsent leaves both as they were where the destination exists',
  needs: 'ifAbsentCopy',
  option: { ifAbsent: true },
  run: async (context) => {
    const { backend } = context;
    const [source, taken, free] = [context.key('source'), context.key('taken'), context.key('free')];
    await saveFull(context, source, pattern(10, 1));
    await backend.save(taken, 'taken');
    await unchanged(backend, source, () =>
      unchanged(backend, taken, () => expectCode(backend.move(source, taken, { ifAbsent: true }), 'AlreadyExists')),
    );
    await backend.move(source, free, { ifAbsent: true });
    await holds(backend, free, pattern(10, 1));
    await absent(backend, source);
  },
});

const moveToItself = copyCase({
  number: 150,
  letter: 'b',
  title: 'moving a key onto itself keeps the object',
  run: async (context) => {
    const key = context.key();
    await saveFull(context, key, pattern(77));
    await unchanged(context.backend, key, () => context.backend.move(key, key));
    await holds(context.backend, key, pattern(77));
  },
});

const moveFails = copyCase({
  number: 151,
  title: 'a move that fails between copy and delete has lost nothing',
  claims: ['atomicMove'],
  run: async (context) => {
    const [source, moved] = [context.key('source'), context.key('moved')];
    await saveFull(context, source, pattern(640));
    const last = context.capabilities.atomicMove ? 'move' : 'remove';
    const { backend, faults } = await context.makeFaulty([
      { on: last, times: 1000, fault: { kind: 'fail-before', error: () => new Error('injected: denied') } },
    ]);
    const error = await unchanged(context.backend, source, () => expectCode(backend.move(source, moved), 'Unknown'));
    assert.ok(faults.fired >= 1, 'the last step failed');
    assert.equal(error.operation, 'move');
    await holds(context.backend, source, pattern(640));
    if (await context.backend.exists(moved)) await sameObject(context, source, moved);
  },
});

const moveAnswerLost = copyCase({
  number: 151,
  letter: 'a',
  title: 'a move whose answer was lost leaves the object at one of the two keys, whole',
  claims: ['atomicMove'],
  run: async (context) => {
    const [source, moved, copy] = [context.key('source'), context.key('moved'), context.key('copy')];
    await saveFull(context, source, pattern(640));
    await context.backend.copy(source, copy);
    const last = context.capabilities.atomicMove ? 'move' : 'remove';
    const { backend, faults } = await context.makeFaulty([{ on: last, fault: { kind: 'lose-answer' } }]);
    const error = await backend.move(source, moved).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    assert.equal(faults.fired, 1);
    if (error !== undefined) {
      const failure = await expectCode(Promise.reject(error as Error), 'NotFound', 'Unavailable', 'PreconditionFailed');
      assert.equal(failure.retryable, 'ambiguous', 'a failure after a lost answer is ambiguous');
    }
    await sameObject(context, copy, moved);
    await absent(context.backend, source);
  },
});

const acrossStores: ConformanceCase = {
  number: 152,
  title: 'a file is streamed from one store into another, and a body that was corrupted on the way is refused',
  claims: ['storedChecksum'],
  run: async (context) => {
    const [source, copy] = [context.key('source'), context.key('copy')];
    const bytes = pattern(3 * context.limits.partSize + 5, 11);
    await saveFull(context, source, bytes);
    const target = await context.make();
    const file = await context.backend.retrieve(source);
    const { checksum, contentType, metadata } = file;
    await target.save(copy, file.stream(), {
      size: file.size,
      contentType,
      metadata,
      ...(checksum === undefined ? {} : { checksum }),
    });
    await holds(context.backend, copy, bytes);
    assert.deepEqual((await headOf(context.backend, copy)).metadata, storedAttributes.metadata);
    if (checksum === undefined) return;

    const { backend, faults } = await context.makeFaulty([{ on: 'get', fault: { kind: 'corrupt-body' } }]);
    const damaged = await backend.retrieve(source, { integrity: 'none' });
    await unchanged(context.backend, copy, () =>
      expectCode(target.save(copy, damaged.stream(), { size: damaged.size, checksum }), 'ChecksumMismatch'),
    );
    assert.equal(faults.fired, 1);
  },
};

export const copy: Area = defineArea({
  name: 'copy',
  title: 'H. Copy and move',
  cases: [
    toNewKey,
    overExisting,
    missingSource,
    toItself,
    toItselfChanged,
    aliasing,
    metadataAliasing,
    weirdKeys,
    nestedPrefix,
    ifAbsent,
    ifAbsentRace,
    ifAbsentLost,
    sourceIfMatch,
    sourceChanges,
    destinationIfMatch,
    emptyAndLarge,
    complete,
    aborted,
    abortedLate,
    replaceOrKeep,
    badArguments,
    move,
    moveOver,
    moveIfAbsent,
    moveToItself,
    moveFails,
    moveAnswerLost,
    acrossStores,
  ],
});
