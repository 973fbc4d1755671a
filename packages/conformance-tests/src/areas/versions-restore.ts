import assert from 'node:assert/strict';
import { absent, expectCode, expectRefused, headOf, holds, keysUnder, unchanged } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { storedAttributes } from '../stored.ts';
import type { Run } from './versions-case.ts';
import { readVersion, saveAll, versionCase, versionOf } from './versions-case.ts';

const copyVersion: ConformanceCase = {
  ...versionCase(240, undefined, 'a version is copied by its id', async (context) => {
    const { backend } = context;
    const [source, copy] = [context.key('source'), context.key('copy')];
    const [first] = await saveAll(backend, source, ['one', 'two']);
    await unchanged(backend, source, () => backend.copy(source, copy, { sourceVersionId: first }));
    await holds(backend, copy, utf8('one'));
    assert.deepEqual((await headOf(backend, copy)).metadata, { body: 'one' });
    await backend.copy(source, source, { sourceVersionId: first });
    await holds(backend, source, utf8('one'));
  }),
  needs: ({ versions, copy }) => versions !== false && copy,
  refused: async (context) => {
    await context.backend.save(context.key(), 'text');
    await expectRefused(context, context.key(), (backend) =>
      backend.copy(context.key(), context.key('copy'), { sourceVersionId: 'v1' }),
    );
  },
};

const restore = versionCase(
  240,
  'a',
  'restoreVersion makes an earlier version current, as a new revision',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const first = versionOf(await backend.save(key, pattern(3000, 1), storedAttributes));
    const second = versionOf(await backend.save(key, 'second'));
    const result = await backend.restoreVersion(key, first);
    const info = await headOf(backend, key);
    await holds(backend, key, pattern(3000, 1));
    assert.deepEqual(info.metadata, storedAttributes.metadata);
    assert.equal(info.contentType, storedAttributes.contentType);
    assert.equal(info.cacheControl, storedAttributes.cacheControl);
    assert.equal(result.etag, info.etag);
    assert.equal(result.versionId, info.versionId);
    assert.ok(![first, second].includes(versionOf(result)), 'it is a revision of its own');
    assert.equal(await readVersion(backend, key, second), 'second');
    assert.deepEqual(
      (await backend.getVersions(key)).map((version) => version.versionId),
      [result.versionId, second, first],
    );
  },
);

const restoreMissing = versionCase(
  240,
  'b',
  'restoring a version that is not there is NotFound and changes nothing',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const [first] = (await saveAll(backend, key, ['one', 'two'])) as [string];
    await backend.delete(key, { versionId: first });
    await unchanged(backend, key, () => expectCode(backend.restoreVersion(key, first), 'NotFound'));
    const [other] = (await saveAll(backend, context.key('other'), ['other'])) as [string];
    await backend.delete(context.key('other'), { versionId: other });
    await expectCode(backend.restoreVersion(context.key('other'), other), 'NotFound');
    await absent(backend, context.key('other'));
  },
);

const restoreDeleted = versionCase(240, 'c', 'restoreVersion brings a deleted object back', async (context) => {
  const { backend } = context;
  const key = context.key();
  const [first] = (await saveAll(backend, key, ['one', 'two'])) as [string];
  await backend.delete(key);
  await backend.restoreVersion(key, first);
  await holds(backend, key, utf8('one'));
  assert.deepEqual(await keysUnder(backend, context.prefix), [key]);
});

function undeleteCase(letter: string, title: string, run: Run): ConformanceCase {
  return {
    number: 240,
    letter,
    title,
    claims: ['undelete'],
    needs: (capabilities) => capabilities.undelete,
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) => backend.undelete(context.key()));
      await context.backend.delete(context.key());
      await expectRefused(context, context.key(), (backend) => backend.undelete(context.key()));
    },
    run,
  };
}

const undelete = undeleteCase('d', 'undelete brings a deleted object back as it was', async (context) => {
  const { backend } = context;
  const key = context.key();
  await backend.save(key, 'earlier');
  await backend.save(key, pattern(3000, 1), storedAttributes);
  const before = await headOf(backend, key);
  await backend.delete(key);
  const result = await backend.undelete(key);
  const info = await headOf(backend, key);
  await holds(backend, key, pattern(3000, 1));
  assert.equal(result.key, key);
  assert.equal(result.etag, info.etag);
  assert.deepEqual(info.metadata, before.metadata);
  assert.equal(info.contentType, before.contentType);
  assert.deepEqual(await keysUnder(backend, context.prefix), [key]);
});

const undeleteTwice = undeleteCase(
  'e',
  'undelete after several deletes brings the newest object back',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, 'one');
    await backend.delete(key);
    await backend.save(key, 'two');
    await backend.delete(key);
    await backend.delete(key);
    await backend.undelete(key);
    await holds(backend, key, utf8('two'));
  },
);

const undeleteNothing = undeleteCase(
  'f',
  'undelete of an object that is there changes nothing; of one that never was is NotFound',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, 'text', storedAttributes);
    await unchanged(backend, key, () => backend.undelete(key));
    await expectCode(backend.undelete(context.key('never')), 'NotFound');
    await absent(backend, context.key('never'));
    await expectCode(backend.undelete(''), 'InvalidKey');
  },
);

/** Versions that come back. */
export const versionRestores: readonly ConformanceCase[] = [
  copyVersion,
  restore,
  restoreMissing,
  restoreDeleted,
  undelete,
  undeleteTwice,
  undeleteNothing,
];
