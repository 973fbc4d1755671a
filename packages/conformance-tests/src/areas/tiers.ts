import assert from 'node:assert/strict';
import type { StorageBackend } from '@storage/core';
import { absent, expectCode, expectRefused, headOf, holds, unchanged } from '../assertions.ts';
import { iterable, pattern } from '../bodies.ts';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { defineArea } from '../case.ts';
import { storedAttributes } from '../stored.ts';

type Run = (context: CaseContext) => Promise<void>;

async function refuseTiers(context: CaseContext): Promise<void> {
  const key = context.key();
  await context.backend.save(key, 'text');
  const calls: readonly ((backend: StorageBackend) => Promise<unknown>)[] = [
    (backend) => backend.setTier(key, 'any'),
    (backend) => backend.save(key, 'other', { tier: 'any' }),
    (backend) => backend.copy(key, context.key('copy'), { tier: 'any' }),
    (backend) => backend.restoreArchived(key),
  ];
  for (const call of calls) await expectRefused(context, key, call);
  await absent(context.backend, context.key('copy'));
}

function tierCase(letter: string, title: string, run: Run): ConformanceCase {
  return {
    number: 161,
    letter,
    title,
    claims: ['tiers'],
    needs: (capabilities) => capabilities.tiers !== false,
    refused: refuseTiers,
    run,
  };
}

/** Tiers that can be read from at once. */
function onlineTiers({ capabilities }: CaseContext): readonly string[] {
  const { tiers, archiveTiers } = capabilities;
  return (tiers || []).filter((tier) => archiveTiers === false || !archiveTiers.includes(tier));
}

const saveWithTier = tierCase(
  'n',
  'an object is saved to the tier that is asked for, in one request or in parts',
  async (context) => {
    const { backend, limits } = context;
    for (const tier of onlineTiers(context)) {
      const [small, large] = [context.key(`${tier}-small`), context.key(`${tier}-large`)];
      await backend.save(small, 'text', { tier });
      await backend.save(large, iterable(pattern(2 * limits.partSize)), { tier, partSize: limits.partSize });
      for (const key of [small, large]) assert.equal((await headOf(backend, key)).tier, tier, key);
      const [entry] = await backend.listFiles(small);
      if (entry?.tier !== undefined) assert.equal(entry.tier, tier, 'listed tier');
    }
  },
);

const setTier = tierCase('o', 'setTier moves an object and keeps its bytes, headers and metadata', async (context) => {
  const { backend } = context;
  const key = context.key();
  await backend.save(key, pattern(1000), storedAttributes);
  for (const tier of onlineTiers(context)) {
    const info = await backend.setTier(key, tier);
    assert.equal(info.tier, tier);
    assert.equal((await headOf(backend, key)).tier, tier);
    await holds(backend, key, pattern(1000));
    const { metadata, contentType } = await headOf(backend, key);
    assert.deepEqual(metadata, storedAttributes.metadata);
    assert.equal(contentType, storedAttributes.contentType);
  }
  await expectCode(backend.setTier(context.key('missing'), onlineTiers(context)[0] ?? ''), 'NotFound');
});

const unknownTier = tierCase(
  'p',
  'an unknown tier is refused before any request, naming those that are there',
  async (context) => {
    const { backend, faults } = await context.makeFaulty([]);
    await context.backend.save(context.key(), 'text');
    const error = await expectCode(backend.setTier(context.key(), 'no-such-tier'), 'InvalidArgument');
    for (const tier of context.capabilities.tiers || [])
      assert.ok(error.message.includes(tier), `the message names ${tier}`);
    await expectCode(backend.save(context.key('new'), 'text', { tier: 'no-such-tier' }), 'InvalidArgument');
    await expectCode(backend.setTier(context.key(), undefined as unknown as string), 'InvalidArgument');
    assert.deepEqual(faults.calls, []);
    await absent(context.backend, context.key('new'));
  },
);

const overwriteResets = tierCase(
  'q',
  'an overwrite without a tier does not keep the tier of the object before',
  async (context) => {
    const { backend } = context;
    await backend.save(context.key('fresh'), 'text');
    const { tier: usual } = await headOf(backend, context.key('fresh'));
    const other = onlineTiers(context).find((tier) => tier !== usual) ?? usual;
    assert.ok(other, 'an object has a tier');
    await backend.save(context.key(), 'old', { tier: other });
    await backend.save(context.key(), 'new');
    assert.equal((await headOf(backend, context.key())).tier, usual);
  },
);

function archiveCase(letter: string, title: string, run: Run): ConformanceCase {
  return {
    number: 161,
    letter,
    title,
    claims: ['archiveTiers'],
    needs: (capabilities) => capabilities.archiveTiers !== false,
    refused: async (context) => {
      await context.backend.save(context.key(), 'text');
      await expectRefused(context, context.key(), (backend) => backend.restoreArchived(context.key()));
    },
    run,
  };
}

/** The first tier whose objects must be restored. */
function archiveTier({ capabilities }: CaseContext): string {
  const [tier] = capabilities.archiveTiers || [];
  assert.ok(tier, 'an archive tier is claimed');
  return tier;
}

const archived = archiveCase(
  'r',
  'an archived object has info and no bytes: reads reject Archived and name the call that helps',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, pattern(100), { tier: archiveTier(context), metadata: { a: '1' } });
    const info = await headOf(backend, key);
    assert.equal(info.archive?.status, 'archived');
    assert.deepEqual(info.metadata, { a: '1' });
    assert.equal(info.size, 100);
    const error = await expectCode(backend.retrieve(key), 'Archived');
    assert.match(error.message, /restoreArchived/);
    assert.equal(error.retryable, 'no');
    if (context.capabilities.copy) {
      await expectCode(backend.copy(key, context.key('copy')), 'Archived');
      await absent(backend, context.key('copy'));
    }
    await backend.delete(key);
    await absent(backend, key);
  },
);

const restored = archiveCase(
  's',
  'restoreArchived is asked for once or twice and says where it stands',
  async (context) => {
    const { backend } = context;
    const key = context.key();
    await backend.save(key, pattern(100), { tier: archiveTier(context) });
    const first = await backend.restoreArchived(key, { days: 2 });
    assert.ok(
      ['restoring', 'restored'].includes(first.archive?.status ?? ''),
      `archive is ${first.archive?.status ?? 'none'}`,
    );
    const second = await backend.restoreArchived(key, { days: 2 });
    assert.ok(['restoring', 'restored'].includes(second.archive?.status ?? ''));
    const info = await headOf(backend, key);
    assert.deepEqual(info.archive?.status, second.archive?.status);
    if (info.archive?.status === 'restored') await holds(backend, key, pattern(100));
    else await expectCode(backend.retrieve(key), 'Archived');
  },
);

const restoreRefusals = archiveCase(
  't',
  'restoreArchived leaves an object that is not archived as it is; a missing one is NotFound',
  async (context) => {
    const { backend } = context;
    await backend.save(context.key(), 'text');
    await unchanged(backend, context.key(), () => backend.restoreArchived(context.key()));
    await expectCode(backend.restoreArchived(context.key('missing')), 'NotFound');
    await expectCode(backend.restoreArchived(context.key(), { days: 0 }), 'InvalidArgument');
    await expectCode(backend.restoreArchived(context.key(), { days: 1.5 }), 'InvalidArgument');
  },
);

export const tiers: Area = defineArea({
  name: 'tiers',
  title: 'Tiers and archives',
  cases: [saveWithTier, setTier, unknownTier, overwriteResets, archived, restored, restoreRefusals],
});
