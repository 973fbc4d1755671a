import assert from 'node:assert/strict';
import type { SaveResult, StorageBackend, UpdateMetadataOptions } from '@storage/core';
import {
  absent,
  expectCode,
  expectEarly,
  expectRefused,
  headOf,
  holds,
  read,
  rejectionOf,
  unchanged,
} from '../assertions.ts';
import { iterable, pattern, utf8 } from '../bodies.ts';
import type { Area, CaseContext, Claim, ConformanceCase } from '../case.ts';
import { count, defineArea } from '../case.ts';
import { storedAttributes, withoutIdentity } from '../stored.ts';

type Run = (context: CaseContext) => Promise<void>;

function metadataCase(letter: string, title: string, run: Run, claim?: Claim & 'ifMatchMetadata'): ConformanceCase {
  const options: UpdateMetadataOptions = claim === undefined ? {} : { ifMatch: '"etag"' };
  return {
    number: 161,
    letter,
    title,
    claims: claim === undefined ? ['setMetadata'] : ['setMetadata', claim],
    needs: (capabilities) => capabilities.setMetadata && (claim === undefined || capabilities[claim]),
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) =>
        backend.updateMetadata(context.key(), { a: '1' }, options),
      );
    },
    run,
  };
}

const merge = metadataCase(
  'a',
  'updateMetadata merges, removes with null and keeps headers and bytes',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, pattern(2000), storedAttributes);
    const before = await headOf(backend, key);
    const info = await backend.updateMetadata(key, { jobId: '789', owner: null, fresh: 'ü' });
    const expected = { jobId: '789', empty: '', fresh: 'ü' };
    assert.deepEqual(info.metadata, expected);
    const after = await headOf(backend, key);
    assert.deepEqual(after.metadata, expected);
    assert.deepEqual(
      withoutIdentity({ ...after, metadata: before.metadata }),
      withoutIdentity(before),
      'all else is kept',
    );
    assert.equal(info.etag, after.etag);
    await holds(backend, key, pattern(2000));
  },
);

const replace = metadataCase('b', 'updateMetadata with replace leaves nothing of the old metadata', async (context) => {
  const { backend } = context;
  const key = context.key();
  await backend.save(key, 'text', storedAttributes);
  await backend.updateMetadata(key, { only: 'this' }, { replace: true });
  assert.deepEqual((await headOf(backend, key)).metadata, { only: 'this' });
  await backend.updateMetadata(key, {}, { replace: true });
  const info = await headOf(backend, key);
  assert.deepEqual(info.metadata, {});
  assert.equal(info.contentLanguage, storedAttributes.contentLanguage, 'headers are kept');
});

const headersChange = metadataCase('c', 'updateMetadata changes the headers that it is given', async (context) => {
  const { backend } = context;
  const key = context.key();
  await backend.save(key, 'text', storedAttributes);
  await backend.updateMetadata(key, {}, { contentType: 'text/csv', cacheControl: 'no-store' });
  const info = await headOf(backend, key);
  assert.equal(info.contentType, 'text/csv');
  assert.equal(info.cacheControl, 'no-store');
  assert.equal(info.contentDisposition, storedAttributes.contentDisposition);
  assert.deepEqual(info.metadata, storedAttributes.metadata);
});

const noBody = metadataCase('d', 'updateMetadata sends no body', async (context) => {
  const key = context.key();
  await context.backend.save(key, pattern(1000));
  const { backend, faults } = await context.makeFaulty([]);
  await backend.updateMetadata(key, { a: '1' });
  const sent = new Set(faults.calls.map((call) => call.operation));
  for (const operation of ['put', 'multipart.putPart', 'get'] as const)
    assert.ok(!sent.has(operation), `no ${operation}`);
  assert.ok(sent.has('setMetadata'));
});

const missing = metadataCase(
  'e',
  'updateMetadata of a missing object is NotFound and creates nothing',
  async (context) => {
    await expectCode(context.backend.updateMetadata(context.key(), { a: '1' }), 'NotFound');
    await absent(context.backend, context.key());
  },
);

const badPatch = metadataCase('f', 'a bad patch is refused before any request', async (context) => {
  const key = context.key();
  const patches: readonly unknown[] = [
    { 'not a name': '1' },
    { '': '1' },
    { a: 'x\ny' },
    { a: 1 },
    { a: '\ud800' },
    { Job: '1', job: '2' },
    'text',
    null,
  ];
  await context.backend.save(key, 'text', { metadata: { a: '1' } });
  for (const patch of patches) {
    await unchanged(context.backend, key, () =>
      expectEarly(context, 'InvalidArgument', (backend) =>
        backend.updateMetadata(key, patch as Record<string, string>),
      ),
    );
  }
});

const respelled = metadataCase(
  'g',
  'a patch finds the name that differs only in case or dash, and does not keep both',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, 'text', { metadata: { jobId: '1', other_name: 'x' } });
    const outcome = await backend
      .updateMetadata(key, { JOBID: '2', 'other-name': null })
      .catch((error: unknown) => error);
    const { metadata } = await headOf(backend, key);
    if (outcome instanceof Error) {
      await expectCode(Promise.reject(outcome), 'InvalidArgument');
      return assert.deepEqual(metadata, { jobId: '1', other_name: 'x' });
    }
    assert.deepEqual(Object.values(metadata), ['2'], JSON.stringify(metadata));
  },
);

const tooLarge = metadataCase(
  'h',
  'a merge that exceeds the limit of metadata is refused and changes nothing',
  async (context) => {
    const key = context.key();
    const limit = context.capabilities.maxMetadataBytes;
    await context.backend.save(key, 'text', { metadata: { a: 'x'.repeat(Math.floor(limit / 2)) } });
    await unchanged(context.backend, key, () =>
      expectCode(context.backend.updateMetadata(key, { b: 'y'.repeat(Math.floor(limit / 2)) }), 'InvalidArgument'),
    );
  },
);

const ifMatch = metadataCase(
  'i',
  'updateMetadata with ifMatch changes that revision only',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    const { etag: stale } = await backend.save(key, 'one', { metadata: { a: '1' } });
    const { etag: current } = await backend.save(key, 'two', { metadata: { a: '2' } });
    await unchanged(backend, key, () =>
      expectCode(backend.updateMetadata(key, { a: '3' }, { ifMatch: stale }), 'PreconditionFailed'),
    );
    const changed = await backend.updateMetadata(key, { a: '3' }, { ifMatch: current });
    assert.deepEqual(changed.metadata, { a: '3' });
    assert.notEqual(changed.etag, current, 'a metadata change makes a revision');
    await unchanged(backend, key, () =>
      expectCode(backend.updateMetadata(key, { a: '4' }, { ifMatch: current }), 'PreconditionFailed'),
    );
  },
  'ifMatchMetadata',
);

const concurrentMerges = metadataCase(
  'j',
  'concurrent merges of different names are all kept where metadata has revisions',
  async (context) => {
    const key = context.key();
    await context.backend.save(key, 'text');
    const backends = [context.backend, await context.make()] as const;
    const names = Array.from({ length: count(6, 12) }, (_, index) => `name${index}`);
    await Promise.all(
      names.map((name, index) => backends[index % 2 === 0 ? 0 : 1].updateMetadata(key, { [name]: 'here' })),
    );
    assert.deepEqual(
      (await headOf(context.backend, key)).metadata,
      Object.fromEntries(names.map((name) => [name, 'here'])),
    );
  },
  'ifMatchMetadata',
);

const keptByMetadata: ConformanceCase = {
  ...metadataCase('k', 'updateMetadata keeps tags and tier', async (context) => {
    const { backend, capabilities } = context;
    const key = context.key();
    const tier = capabilities.tiers === false ? undefined : capabilities.tiers[1];
    const online =
      tier !== undefined && (capabilities.archiveTiers === false || !capabilities.archiveTiers.includes(tier));
    const tags = { colour: 'blue' };
    await backend.save(key, 'text', { ...(capabilities.tags ? { tags } : {}), ...(online ? { tier } : {}) });
    const before = await headOf(backend, key);
    await backend.updateMetadata(key, { a: '1' });
    assert.equal((await headOf(backend, key)).tier, before.tier);
    if (capabilities.tags) assert.deepEqual(await backend.getTags(key), tags);
  }),
  claims: ['setMetadata', 'tags', 'tiers'],
};

/** Every call that needs tags, refused. */
async function refuseTags(context: CaseContext): Promise<void> {
  const key = context.key();
  await context.backend.save(key, 'text');
  await expectRefused(context, key, (backend) => backend.getTags(key));
  await expectRefused(context, key, (backend) => backend.setTags(key, { a: '1' }));
  await expectRefused(context, key, (backend) => backend.save(key, 'other', { tags: { a: '1' } }));
}

function tagsCase(letter: string, title: string, run: Run): ConformanceCase {
  return { number: 154, letter, title, claims: ['tags'], needs: ({ tags }) => tags, refused: refuseTags, run };
}

const tagsRoundTrip = tagsCase(
  'a',
  'tags that were saved are read back, and do not appear as metadata',
  async (context) => {
    const { backend, limits } = context;
    const tags = { colour: 'blue', 'with space': 'and value', empty: '' };
    await backend.save(context.key('small'), 'text', { tags, metadata: { a: '1' } });
    await backend.save(context.key('large'), iterable(pattern(2 * limits.partSize)), {
      tags,
      partSize: limits.partSize,
    });
    assert.deepEqual(await backend.getTags(context.key('small')), tags);
    assert.deepEqual(await backend.getTags(context.key('large')), tags);
    assert.deepEqual((await headOf(backend, context.key('small'))).metadata, { a: '1' });
    await backend.save(context.key('none'), 'text');
    assert.deepEqual(await backend.getTags(context.key('none')), {});
  },
);

const tagsReplace = tagsCase('b', 'setTags replaces all tags and nothing else', async (context) => {
  const { backend } = context;
  const key = context.key();
  await backend.save(key, pattern(500), { ...storedAttributes, tags: { a: '1', b: '2' } });
  const before = withoutIdentity(await headOf(backend, key));
  await backend.setTags(key, { c: '3' });
  assert.deepEqual(await backend.getTags(key), { c: '3' });
  assert.deepEqual(withoutIdentity(await headOf(backend, key)), before);
  await holds(backend, key, pattern(500));
  await backend.setTags(key, {});
  assert.deepEqual(await backend.getTags(key), {});
  await expectCode(backend.setTags(context.key('missing'), { a: '1' }), 'NotFound');
  await expectCode(backend.getTags(context.key('missing')), 'NotFound');
});

const tagsOverwritten = tagsCase('c', 'an overwrite without tags leaves none of the old', async (context) => {
  const { backend } = context;
  await backend.save(context.key(), 'one', { tags: { a: '1' } });
  await backend.save(context.key(), 'two');
  assert.deepEqual(await backend.getTags(context.key()), {});
});

const badTags = tagsCase('d', 'bad tags are refused before any request', async (context) => {
  await context.backend.save(context.key(), 'text', { tags: { a: '1' } });
  for (const tags of [{ a: 1 }, { '': '1' }, { a: 'x\u0000' }, 'text', null, { a: '\ud800' }] as readonly unknown[]) {
    await expectEarly(context, 'InvalidArgument', (backend) =>
      backend.setTags(context.key(), tags as Record<string, string>),
    );
  }
  assert.deepEqual(await context.backend.getTags(context.key()), { a: '1' });
});

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

export const lifecycle: Area = defineArea({
  name: 'lifecycle',
  title: 'Changes in place: metadata, tags, update',
  cases: [
    merge,
    replace,
    headersChange,
    noBody,
    missing,
    badPatch,
    respelled,
    tooLarge,
    ifMatch,
    concurrentMerges,
    keptByMetadata,
    tagsRoundTrip,
    tagsReplace,
    tagsOverwritten,
    badTags,
    counts,
    updateKeeps,
    updateSeesWinner,
    updateDeleted,
    updateThrows,
    updateUnread,
  ],
});
