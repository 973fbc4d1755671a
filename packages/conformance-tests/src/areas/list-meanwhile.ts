import assert from 'node:assert/strict';
import { absent, expectCode, keysUnder } from '../assertions.ts';
import { hangingBody, pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { during, inParallel } from '../parallel.ts';

export const listMeanwhile: readonly ConformanceCase[] = [
  {
    number: 118,
    title: 'unfinished uploads and staging files are never listed',
    run: async ({ backend, key, prefix, limits, capabilities }) => {
      await backend.save(key('done'), 'x');
      const source = hangingBody(pattern(limits.partSize * 2 + 100));
      const saving = backend.save(key('folder/unfinished'), source.body, { partSize: limits.partSize });
      await during(saving, async () => {
        await source.reached;
        const session =
          capabilities.multipart === false ? undefined : await backend.createUpload(key('folder/session'));
        assert.deepEqual(await keysUnder(backend, prefix), [key('done')]);
        const page = await backend.listPage({ prefix, delimiter: '/' });
        assert.deepEqual(page.prefixes, [], 'no prefix of what is not there yet');
        await absent(backend, key('folder/unfinished'));
        await session?.abort();
        source.release();
      });
      assert.deepEqual(await keysUnder(backend, prefix), [key('done'), key('folder/unfinished')]);
    },
  },
  {
    number: 121,
    title: 'deletes while a listing runs do not make it fail',
    run: async ({ backend, key, prefix }) => {
      const names = Array.from({ length: 60 }, (_, index) => `f${index % 6}/k${String(index).padStart(2, '0')}`);
      await inParallel(names, (name) => backend.save(key(name), 'x'));
      const listings = [1, 7, 1000].map(async (pageSize) => {
        const seen: string[] = [];
        for await (const entry of backend.walk(prefix, { pageSize })) seen.push(entry.key);
        return seen;
      });
      const doomed = names.filter((_, index) => index % 2 === 0);
      const lists = await during(Promise.all(listings), () =>
        inParallel(doomed, (name) => backend.delete(key(name)), 4),
      );
      const stayed = names.filter((_, index) => index % 2 === 1).map((name) => key(name));
      for (const seen of lists) {
        assert.equal(new Set(seen).size, seen.length, 'no key twice');
        for (const name of stayed) assert.ok(seen.includes(name), `${name} was there throughout`);
      }
      assert.deepEqual(await keysUnder(backend, prefix), stayed.toSorted());
    },
  },
  {
    number: 122,
    title: 'an abort in the middle of a listing rejects Aborted and stops the requests',
    run: async ({ backend, key, prefix, makeFaulty }) => {
      await inParallel(
        Array.from({ length: 12 }, (_, index) => index),
        (index) => backend.save(key(`k${index}`), 'x'),
      );
      const watched = await makeFaulty([{ on: 'listPage', skip: 1, fault: { kind: 'delay', ms: 20_000 } }]);
      const controller = new AbortController();
      const seen: string[] = [];
      const walking = async (): Promise<void> => {
        for await (const entry of watched.backend.walk(prefix, { pageSize: 3, signal: controller.signal })) {
          seen.push(entry.key);
          if (seen.length === 2) setTimeout(() => controller.abort(), 50);
        }
      };
      await expectCode(walking(), 'Aborted');
      assert.ok(seen.length <= 3, 'entries of the first page only');
      const requests = watched.faults.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(watched.faults.calls.length, requests, 'no request after the abort');
      assert.equal(requests, 2);
      await expectCode(watched.backend.listPage({ prefix, signal: AbortSignal.abort() }), 'Aborted');
      assert.equal(watched.faults.calls.length, requests);
    },
  },
  {
    number: 123,
    title: 'a walk that is left early makes no more requests, and the backend goes on',
    run: async ({ backend, key, prefix, makeFaulty }) => {
      await inParallel(
        Array.from({ length: 12 }, (_, index) => index),
        (index) => backend.save(key(`k${index}`), 'x'),
      );
      const watched = await makeFaulty();
      for await (const entry of watched.backend.walk(prefix, { pageSize: 2 })) {
        assert.ok(entry.key.startsWith(prefix));
        break;
      }
      const iterator = watched.backend.walk(prefix, { pageSize: 2 })[Symbol.asyncIterator]();
      await iterator.next();
      await iterator.return?.();
      assert.equal((await iterator.next()).done, true, 'over after return');
      // One page each, and at most one that was fetched ahead.
      const requests = watched.faults.calls.length;
      assert.ok(requests <= 4, `${requests} requests`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(watched.faults.calls.length, requests);
      assert.equal((await keysUnder(watched.backend, prefix)).length, 12);
    },
  },
];
