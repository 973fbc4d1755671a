import assert from 'node:assert/strict';
import { prefixed, readOnly } from '@storage/core';
import { absent, expectCode, headOf, holds, keysUnder } from '../assertions.ts';
import { utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { faulty } from '../faults/faulty-driver.ts';
import { bytes, claimedMembers, driverOf } from './setup-case.ts';

export const setupLayers: readonly ConformanceCase[] = [
  {
    number: 8,
    title: 'a layer forwards every member and never widens capabilities',
    run: async ({ make, key }) => {
      const inner = await driverOf(await make());
      for (const layer of [faulty(), prefixed(key('view/')), readOnly()]) {
        const wrapped = layer(inner);
        for (const [name, claim] of Object.entries(wrapped.capabilities)) {
          const own = inner.capabilities[name as keyof typeof inner.capabilities] as unknown;
          if (own === false) assert.equal(claim, false, `${name} is not widened`);
        }
        const { claimed, there } = claimedMembers(wrapped);
        assert.deepEqual(there, claimed);
      }
    },
  },
  {
    number: 8,
    title: 'behind a prefix every key is relative, and nothing outside is seen or touched',
    run: async ({ backend, make, key }) => {
      const view = (await make()).with(prefixed(key('inside/')));
      await backend.save(key('outside'), bytes);
      await backend.save(key('inside-not'), bytes);
      const saved = await view.save('a/b', bytes, { metadata: { spelledSo: 'yes' } });
      assert.equal(saved.key, 'a/b');
      await holds(backend, key('inside/a/b'), bytes);
      assert.equal((await headOf(view, 'a/b')).key, 'a/b');
      assert.equal((await headOf(view, 'a/b')).metadata['spelledSo'], 'yes');
      assert.deepEqual(await keysUnder(view, ''), ['a/b']);
      const page = await view.listPage({ delimiter: '/' });
      assert.deepEqual(page.prefixes, ['a/']);
      await view.deletePrefix('', { allowAll: true });
      assert.equal(await backend.exists(key('inside/a/b')), false);
      await holds(backend, key('outside'), bytes);
      await holds(backend, key('inside-not'), bytes);
      const error = await expectCode(view.retrieve('a/b'), 'NotFound');
      assert.equal(error.key, 'a/b', 'errors name the key that was asked for');
      await view.close();
    },
  },
  {
    number: 8,
    title: 'behind readOnly every write is refused, and reads work',
    run: async ({ backend, make, key }) => {
      await backend.save(key(), bytes);
      const view = (await make()).with(readOnly());
      await holds(view, key(), bytes);
      const codes = ['Unsupported', 'PermissionDenied'] as const;
      await expectCode(view.save(key(), utf8('other')), ...codes);
      await expectCode(view.save(key('new'), utf8('other')), ...codes);
      await expectCode(view.delete(key()), ...codes);
      await holds(backend, key(), bytes);
      await absent(backend, key('new'));
      await view.close();
    },
  },
];
