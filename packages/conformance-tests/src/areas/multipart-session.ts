import assert from 'node:assert/strict';
import type { CleanupOptions } from '@storage/core';
import { isStorageError } from '@storage/core';
import { expectCode, headOf, holds, rejectionOf, unchanged } from '../assertions.ts';
import { concatenate, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { storedAttributes } from '../stored.ts';
import { pause } from '../timing.ts';
import { partOf, partsCase, sendParts } from './multipart-case.ts';

const attributes = partsCase({
  number: 194,
  title: 'headers, metadata and tags that were given when the upload began are those of the object',
  run: async (context) => {
    const { backend, capabilities } = context;
    const key = context.key();
    await backend.save(key, 'old', { metadata: { old: 'yes' }, cacheControl: 'no-store' });
    const tags = { colour: 'blue' };
    const upload = await backend.createUpload(key, { ...storedAttributes, ...(capabilities.tags ? { tags } : {}) });
    await sendParts(context, upload, [1, 2]);
    const result = await upload.complete();
    const info = await headOf(backend, key);
    const { metadata, ...headers } = storedAttributes;
    assert.deepEqual(info.metadata, metadata);
    assert.deepEqual(result.metadata, metadata);
    for (const [name, value] of Object.entries(headers)) assert.equal(info[name as keyof typeof headers], value, name);
    if (capabilities.tags) assert.deepEqual(await backend.getTags(key), tags);
  },
});

const conditions = partsCase({
  number: 194,
  letter: 'a',
  title: 'the condition of an upload is enforced when it completes, or refused when it begins',
  claims: ['multipart.conditionalComplete'],
  run: async (context, claim) => {
    const { backend } = context;
    const key = context.key();
    if (!claim.conditionalComplete) {
      await expectCode(backend.createUpload(key, { ifAbsent: true }), 'Unsupported');
      return;
    }
    const create = await backend.createUpload(key, { ifAbsent: true });
    await sendParts(context, create, [1, 2]);
    const { etag } = await backend.save(key, 'somebody was faster');
    await unchanged(backend, key, () => expectCode(create.complete(), 'AlreadyExists'));

    const replace = await backend.createUpload(key, { ifMatch: etag });
    await sendParts(context, replace, [1, 2]);
    await replace.complete();
    const late = await backend.createUpload(key, { ifMatch: etag });
    await sendParts(context, late, [1]);
    await unchanged(backend, key, () => expectCode(late.complete(), 'PreconditionFailed'));
    for (const upload of [create, late]) await upload.abort();
  },
});

const resumed = partsCase({
  number: 195,
  title: 'an upload goes on in another instance by its token, which survives JSON and holds no secret',
  run: async (context) => {
    const { backend, harness } = context;
    const key = context.key();
    const upload = await backend.createUpload(key, { metadata: { a: 'ü' } });
    await sendParts(context, upload, [1]);
    const token = JSON.parse(JSON.stringify({ token: upload.toToken() })) as { token: string };
    for (const secret of harness.secrets ?? []) {
      assert.ok(!Buffer.from(token.token, 'base64').toString('latin1').includes(secret), 'the token holds no secret');
    }
    const other = await context.make();
    const resumedUpload = await other.resumeUpload(token.token);
    assert.equal(resumedUpload.key, key);
    assert.deepEqual(
      (await resumedUpload.parts()).map((part) => part.partNumber),
      [1],
    );
    await sendParts(context, resumedUpload, [2]);
    await resumedUpload.complete();
    await holds(backend, key, concatenate([partOf(context, 1), partOf(context, 2)]));
    assert.deepEqual((await headOf(backend, key)).metadata, { a: 'ü' });
  },
});

const badTokens = partsCase({
  number: 195,
  letter: 'a',
  title: 'a token that is foreign or was altered is refused, and reaches no key that could not be written',
  run: async (context) => {
    const { backend, faults } = await context.makeFaulty([]);
    const token = (await context.backend.createUpload(context.key())).toToken();
    const foreign: readonly unknown[] = [
      '',
      'foreign',
      'e30',
      undefined,
      null,
      7,
      {},
      `${token}!`,
      token.slice(0, -5),
      forge(token, { type: 'another' }),
    ];
    for (const given of foreign) await expectCode(backend.resumeUpload(given as string), 'InvalidArgument');
    assert.deepEqual(faults.calls, [], 'nothing is sent');
    for (const key of ['../out', '', 'a\u0000b', '/etc/passwd', 'a/../../b']) {
      const error = await rejectionOf(async () => (await backend.resumeUpload(forge(token, { key }))).putPart(1, 'x'));
      assert.ok(
        isStorageError(error) && ['InvalidArgument', 'InvalidKey'].includes(error.code),
        `${key}: ${String(error)}`,
      );
    }
    assert.deepEqual(faults.calls, [], 'nothing is sent for a key that could not be written');
  },
});

/** A token with members replaced, if it is readable; otherwise one that is no token. */
function forge(token: string, changes: Readonly<Record<string, string>>): string {
  try {
    const members = JSON.parse(Buffer.from(token, 'base64url').toString()) as object;
    return Buffer.from(JSON.stringify({ ...members, ...changes })).toString('base64url');
  } catch {
    return 'unreadable';
  }
}

const cleanup = partsCase({
  number: 196,
  title: 'cleanup removes uploads that were begun long ago and leaves younger ones',
  claims: ['multipart.listIncomplete'],
  run: async (context, claim) => {
    const { backend } = context;
    const key = context.key();
    if (claim.listIncomplete === false) {
      await expectCode(backend.cleanup({ olderThan: '1h' }), 'Unsupported');
      await expectCode(backend.cleanup({ olderThan: '1h', key }), 'Unsupported');
      return;
    }
    if (claim.listIncomplete === 'by-key') await expectCode(backend.cleanup({ olderThan: '1h' }), 'Unsupported');
    const old = await backend.createUpload(key);
    await sendParts(context, old, [1]);
    await backend.save(context.key('other'), 'stays');
    // Most services tell when an upload began to the second.
    const age = context.capabilities.lastModifiedPrecision === 'second' ? 2000 : 200;
    await pause(age + 100);
    const young = await backend.createUpload(key);
    await sendParts(context, young, [1]);
    assert.equal((await backend.cleanup({ olderThan: '1h', key })).removed, 0);
    assert.equal((await backend.cleanup({ olderThan: age / 2, key })).removed, 1);
    await expectCode(old.complete(), 'NotFound');
    await young.complete();
    await holds(backend, key, partOf(context, 1));
    await holds(backend, context.key('other'), utf8('stays'));
    assert.equal((await backend.cleanup({ olderThan: 1, key })).removed, 0, 'a complete upload is no leftover');
  },
});

const cleanupArguments = partsCase({
  number: 196,
  letter: 'a',
  title: 'cleanup without an age, or with a bad one, is refused before any request',
  run: async (context) => {
    const { backend, faults } = await context.makeFaulty([]);
    const bad: readonly unknown[] = [
      {},
      undefined,
      { olderThan: -1 },
      { olderThan: 'soon' },
      { olderThan: Number.NaN },
    ];
    for (const options of bad) await expectCode(backend.cleanup(options as CleanupOptions), 'InvalidArgument');
    await expectCode(backend.cleanup({ olderThan: '1h', key: '' }), 'InvalidKey', 'Unsupported');
    assert.deepEqual(faults.calls, []);
  },
});

/** Uploads that outlive the instance that began them. */
export const sessionCases: readonly ConformanceCase[] = [
  attributes,
  conditions,
  resumed,
  badTokens,
  cleanup,
  cleanupArguments,
];
