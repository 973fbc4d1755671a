import assert from 'node:assert/strict';
import { prefixed } from '@storage/core';
import { assertCode, expectCode, expectEarly, holds, keysUnder, unchanged } from '../assertions.ts';
import { utf8 } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { isNotThere } from './keys-case.ts';

/** Asserts that a key is refused for writing before any request, and that reading it never gives the object at `twin`. */
async function refusedAndNoAlias(context: CaseContext, key: string, twin: string): Promise<void> {
  const { backend, capabilities } = context;
  await backend.save(twin, utf8('twin'));
  await unchanged(backend, twin, () =>
    expectEarly(context, 'InvalidKey', (watched) => watched.save(key, utf8('alias'))),
  );
  if (capabilities.copy) await expectEarly(context, 'InvalidKey', (watched) => watched.copy(twin, key));
  assert.ok(await isNotThere(backend, key), `${JSON.stringify(key)} is not another name of ${twin}`);
  await backend.delete(key).catch((error: unknown) => assertCode(error, 'InvalidKey'));
  await holds(backend, twin, utf8('twin'));
}

export const keyPaths: readonly ConformanceCase[] = [
  {
    number: 10,
    title: 'repeated slashes are refused for writing and never collapsed',
    claims: ['keyGrammar'],
    run: async (context) => {
      const { backend, capabilities, key } = context;
      await refusedAndNoAlias(context, key('foo//bar///baz'), key('foo/bar/baz'));
      if (capabilities.keyGrammar === 'any') assert.equal(await backend.exists(key('foo//bar')), false);
      else await expectEarly(context, 'InvalidKey', (watched) => watched.exists(key('foo//bar')));
    },
  },
  {
    number: 11,
    title: 'a leading slash is refused for writing and never dropped',
    claims: ['keyGrammar'],
    run: (context) => refusedAndNoAlias(context, `/${context.key('lead')}`, context.key('lead')),
  },
  {
    number: 12,
    title: 'a trailing slash is refused for writing and never dropped',
    claims: ['keyGrammar'],
    run: (context) => refusedAndNoAlias(context, context.key('trail/'), context.key('trail')),
  },
  {
    number: 13,
    title: '`../foo/../bar` neither escapes nor aliases',
    run: async (context) => {
      const { key } = context;
      await refusedAndNoAlias(context, key('../foo/../bar'), key('bar'));
      await refusedAndNoAlias(context, `../${key('foo')}`, key('foo'));
      await refusedAndNoAlias(context, key('x/../../top'), key('top'));
    },
  },
  {
    number: 14,
    title: 'backslashes are no separators: traversal by them is refused',
    run: async (context) => {
      const { key } = context;
      await refusedAndNoAlias(context, key('..\\foo\\..\\bar'), key('bar'));
      await refusedAndNoAlias(context, key('a\\b'), key('a/b'));
      await refusedAndNoAlias(context, `..\\..\\${key('up')}`, key('up'));
    },
  },
  {
    number: 15,
    title: 'a key that is `.` or `..` is refused',
    run: async (context) => {
      for (const key of ['.', '..', './', '../']) {
        await expectEarly(context, 'InvalidKey', (backend) => backend.save(key, utf8('x')));
        assert.ok(await isNotThere(context.backend, key));
      }
    },
  },
  {
    number: 16,
    title: 'a dot segment is refused for writing and never resolved',
    run: async (context) => {
      const { key } = context;
      await refusedAndNoAlias(context, key('a/./b'), key('a/b'));
      await refusedAndNoAlias(context, key('c/../d'), key('d'));
      await refusedAndNoAlias(context, key('e/.'), key('e'));
      await refusedAndNoAlias(context, key('f/g/..'), key('f'));
    },
  },
  {
    number: 17,
    title: 'a sibling whose name begins like the root is out of reach',
    run: async ({ backend, make, key }) => {
      const view = (await make()).with(prefixed(key('data/')));
      await backend.save(key('data-evil/secret'), utf8('secret'));
      for (const escape of ['../data-evil/secret', '-evil/secret', '../data-evil/../data-evil/secret']) {
        assert.ok(await isNotThere(view, escape), escape);
      }
      assert.deepEqual(await keysUnder(view, ''), []);
      assert.deepEqual(await keysUnder(view, '-evil'), []);
      await expectCode(view.save('../data-evil/secret', utf8('x')), 'InvalidKey');
      await holds(backend, key('data-evil/secret'), utf8('secret'));
      await view.close();
    },
  },
];
