import assert from 'node:assert/strict';
import { absent, assertCode, expectCode, expectRefused, headOf, holds, keysUnder, sameBytes } from '../assertions.ts';
import { pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import { inParallel } from '../parallel.ts';

export const deleteOne: readonly ConformanceCase[] = [
  {
    number: 125,
    title: 'a deleted object is gone for every method, and the delete says that it was there, where it can',
    claims: ['deleteReportsExistence'],
    run: async ({ backend, make, key, capabilities }) => {
      await backend.save(key('a/b'), 'x', { metadata: { a: 'b' } });
      const result = await backend.delete(key('a/b'));
      assert.equal(result.key, key('a/b'));
      assert.equal(result.existed, capabilities.deleteReportsExistence ? true : undefined);
      await absent(backend, key('a/b'));
      await absent(await make(), key('a/b'));
      await backend.save(key('a/b'), 'again');
      assert.deepEqual({ ...(await headOf(backend, key('a/b'))).metadata }, {}, 'nothing of the old one comes back');
      await holds(backend, key('a/b'), utf8('again'));
    },
  },
  {
    number: 126,
    title: 'deleting a missing key succeeds, once and again',
    claims: ['deleteReportsExistence'],
    run: async ({ backend, key, capabilities }) => {
      const existed = capabilities.deleteReportsExistence ? false : undefined;
      for (const name of ['missing', 'missing', 'no/such/folder/file']) {
        assert.equal((await backend.delete(key(name))).existed, existed);
      }
      await backend.save(key('once'), 'x');
      await backend.delete(key('once'));
      assert.equal((await backend.delete(key('once'))).existed, existed);
    },
  },
  {
    number: 127,
    title: 'mustExist turns a missing key into NotFound',
    claims: ['mustExistDelete'],
    needs: (capabilities) => capabilities.mustExistDelete,
    run: async ({ backend, key }) => {
      const error = await expectCode(backend.delete(key('missing'), { mustExist: true }), 'NotFound');
      assert.equal(error.key, key('missing'));
      await backend.save(key('there'), 'x');
      assert.equal((await backend.delete(key('there'), { mustExist: true })).key, key('there'));
      await absent(backend, key('there'));
      await expectCode(backend.delete(key('there'), { mustExist: true }), 'NotFound');
    },
    refused: async (context) => {
      const { backend, key } = context;
      await backend.save(key(), 'x');
      await expectRefused(context, key(), (watched) => watched.delete(key(), { mustExist: true }));
      await expectRefused(context, key('missing'), (watched) => watched.delete(key('missing'), { mustExist: true }));
    },
  },
  {
    number: 128,
    title: 'deleting a folder of other keys removes nothing',
    run: async ({ backend, key, prefix }) => {
      await inParallel(['folder/a', 'folder/inner/b', 'folder2'], (name) => backend.save(key(name), name));
      for (const folder of ['folder', 'folder/inner', 'fold']) await backend.delete(key(folder));
      await backend.delete(key('folder/')).catch((error: unknown) => assertCode(error, 'InvalidKey'));
      assert.deepEqual(
        await keysUnder(backend, prefix),
        ['folder/a', 'folder/inner/b', 'folder2'].map((name) => key(name)),
      );
      await holds(backend, key('folder/inner/b'), utf8('folder/inner/b'));
    },
  },
  {
    number: 133,
    title: 'a delete removes neither siblings nor parents',
    run: async ({ backend, key, prefix }) => {
      const names = ['a/b/c', 'a/b/d', 'a/b0', 'a/b.x', 'a.b'];
      await inParallel(names, (name) => backend.save(key(name), name));
      await backend.delete(key('a/b/c'));
      assert.deepEqual(
        await keysUnder(backend, prefix),
        ['a.b', 'a/b.x', 'a/b/d', 'a/b0'].map((name) => key(name)),
      );
      await backend.delete(key('a/b/d'));
      await backend.save(key('a/b/c'), 'back');
      await holds(backend, key('a/b/c'), utf8('back'));
    },
  },
  {
    number: 133,
    title: 'a writer is not disturbed by a delete that empties its folder',
    run: async ({ backend, make, key }) => {
      const other = await make();
      for (let round = 0; round < count(25, 1000); round += 1) {
        const folder = `deep/${round % 3}/folder`;
        await backend.save(key(`${folder}/first`), 'x');
        await Promise.all([
          other.delete(key(`${folder}/first`)),
          backend.save(key(`${folder}/second`), `round ${round}`),
          other.save(key(`${folder}/inner/third`), `round ${round}`),
        ]);
        await holds(backend, key(`${folder}/second`), utf8(`round ${round}`));
        await holds(backend, key(`${folder}/inner/third`), utf8(`round ${round}`));
        await Promise.all([backend.delete(key(`${folder}/second`)), other.delete(key(`${folder}/inner/third`))]);
      }
    },
  },
  {
    number: 134,
    title: 'an object that is deleted while it is read: every byte of it, or an error',
    run: async ({ backend, key }) => {
      const bytes = pattern(4 * 1024 * 1024, 134);
      await backend.save(key(), bytes);
      const file = await backend.retrieve(key());
      await backend.delete(key());
      const outcome = await file.bytes().catch((error: unknown) => error);
      if (outcome instanceof Uint8Array) sameBytes(outcome, bytes);
      else assertCode(outcome, 'NotFound', 'PreconditionFailed', 'Unavailable');
      await absent(backend, key());
    },
  },
  {
    number: 135,
    title: 'a symbolic link that was planted in the store: a delete never reaches its target',
    uses: ['plant'],
    run: async ({ backend, harness, key }) => {
      await backend.save(key('target'), 'precious');
      await backend.save(key('folder/inside'), 'precious');
      await harness.plant?.({ kind: 'symlink', key: key('link'), target: key('target') });
      await harness.plant?.({ kind: 'symlink', key: key('folder-link'), target: key('folder') });
      const codes = ['InvalidKey', 'PermissionDenied', 'NotFound', 'Corrupted', 'KeyConflict'] as const;
      const refusal = (error: unknown): unknown => assertCode(error, ...codes);
      await backend.delete(key('link')).catch(refusal);
      await backend.delete(key('folder-link/inside')).catch(refusal);
      await backend.deletePrefix(key('folder-link/')).catch(refusal);
      await holds(backend, key('target'), utf8('precious'));
      await holds(backend, key('folder/inside'), utf8('precious'));
    },
  },
];
