import assert from 'node:assert/strict';
import type { CopyOptions } from '@storage/core';
import { absent, expectCode, headOf, holds, keysUnder, sameBytes, unchanged } from '../assertions.ts';
import { iterable, pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { weirdNames } from '../keys.ts';
import { storedAttributes, withoutIdentity } from '../stored.ts';
import { copyCase, sameObject, saveFull } from './copy-case.ts';

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

/** What a copy holds. */
export const copyObjects: readonly ConformanceCase[] = [
  toNewKey,
  overExisting,
  missingSource,
  toItself,
  toItselfChanged,
  aliasing,
  metadataAliasing,
  weirdKeys,
  nestedPrefix,
  emptyAndLarge,
  complete,
  replaceOrKeep,
  badArguments,
  acrossStores,
];
