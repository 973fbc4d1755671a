import assert from 'node:assert/strict';
import { expectCode, expectEarly, expectRefused, headOf, holds } from '../assertions.ts';
import { iterable, pattern } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { storedAttributes, withoutIdentity } from '../stored.ts';
import type { Run } from './update-metadata.ts';

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

/** Tags. */
export const tagCases: readonly ConformanceCase[] = [tagsRoundTrip, tagsReplace, tagsOverwritten, badTags];
