import assert from 'node:assert/strict';
import type { RetrievedFile } from '@storage/core';
import { DriverFault } from '@storage/core/driver';
import { absent, assertCode, expectCode, headOf, rejectionOf } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';

/** Fields of a read that a head has too. */
function infoOf(file: RetrievedFile): Record<string, unknown> {
  const names = ['key', 'size', 'etag', 'lastModified', 'contentType', 'versionId', 'tier', 'checksum'] as const;
  const headers = ['cacheControl', 'contentDisposition', 'contentEncoding', 'contentLanguage', 'encryption'] as const;
  return {
    metadata: { ...file.metadata },
    ...Object.fromEntries(
      [...names, ...headers].filter((name) => file[name] !== undefined).map((name) => [name, file[name]]),
    ),
  };
}

/** Keys of other spellings that a careless service would clean into this one. */
function uncleaned(key: string): readonly string[] {
  const at = key.lastIndexOf('/');
  const [folder, name] = [key.slice(0, at), key.slice(at + 1)];
  return [
    `${folder}//${name}`,
    `${folder}/./${name}`,
    `./${key}`,
    `/${key}`,
    `${key}/`,
    `${folder}/x/../${name}`,
    `${folder}\\${name}`,
    `${folder}/${name} `,
    ` ${key}`,
    `${key}.`,
    `${key}%20`,
    `${folder}/${name.toUpperCase()}`,
  ];
}

export const readInfo: readonly ConformanceCase[] = [
  {
    number: 69,
    title: 'a folder of other keys is no object',
    run: async ({ backend, key }) => {
      await backend.save(key('folder/inner/file'), 'x');
      for (const folder of ['folder', 'folder/inner']) await absent(backend, key(folder));
      for (const folder of ['folder/', 'folder/inner/']) {
        const error = await rejectionOf(backend.retrieve(key(folder)));
        assertCode(error, 'NotFound', 'InvalidKey');
      }
    },
  },
  {
    number: 69,
    title: 'a key under an object is no object',
    run: async ({ backend, key }) => {
      await backend.save(key('file'), 'x');
      await absent(backend, key('file/inner'));
      await absent(backend, key('file/inner/deeper'));
    },
  },
  {
    number: 70,
    title: 'a head has size, time and an etag in HTTP’s syntax',
    run: async ({ backend, key }) => {
      await backend.save(key(), pattern(12_345));
      const info = await headOf(backend, key());
      assert.equal(info.key, key());
      assert.equal(info.size, 12_345);
      assert.match(info.etag, /^(?:W\/)?"[^"]+"$/);
      assert.ok(info.lastModified.getTime() > Date.UTC(2020, 0), String(info.lastModified));
      assert.deepEqual({ ...info.metadata }, {});
      assert.ok(!('token' in info), 'nothing hidden is shown');
    },
  },
  {
    number: 71,
    title: 'lastModified does not go back when an object is overwritten, and the etag changes',
    run: async ({ backend, key }) => {
      let [last, etag] = [0, ''];
      for (let round = 0; round < 5; round += 1) {
        await backend.save(key(), `round ${round}`);
        const info = await headOf(backend, key());
        assert.ok(info.lastModified.getTime() >= last, 'time does not go back');
        assert.notEqual(info.etag, etag);
        [last, etag] = [info.lastModified.getTime(), info.etag];
      }
    },
  },
  {
    number: 72,
    title: 'a read has the info with it: one request, small or large, missing or not',
    run: async ({ key, makeFaulty }) => {
      const { backend, faults } = await makeFaulty();
      for (const size of [10, 300_000]) {
        await backend.save(key(), pattern(size), { metadata: { jobId: '7' }, contentType: 'text/x' });
        const before = faults.calls.length;
        const file = await backend.retrieve(key());
        assert.equal(file.metadata['jobId'], '7');
        assert.equal(file.contentType, 'text/x');
        assert.equal(file.size, size);
        await file.bytes();
        assert.deepEqual(
          faults.calls.slice(before).map((call) => call.operation),
          ['get'],
        );
      }
    },
  },
  {
    number: 73,
    title: 'the info of a read equals the head’s, of a part too',
    run: async ({ backend, key }) => {
      await backend.save(key(), pattern(100_000), {
        metadata: { jobId: '7', 'a-b': 'ü' },
        contentType: 'text/x',
        cacheControl: 'no-store',
        contentDisposition: 'inline',
        contentEncoding: 'identity',
        contentLanguage: 'de',
      });
      const { metadata, ...head } = await headOf(backend, key());
      for (const options of [
        {},
        { range: { start: 10, end: 20 } },
        { range: { suffix: 5 } },
        { range: { start: 99_999 } },
      ]) {
        const file = await backend.retrieve(key(), options);
        const { checksum: readChecksum, ...read } = infoOf(file);
        const { checksum, ...expected } = { metadata: { ...metadata }, ...head };
        assert.deepEqual(read, expected);
        if (readChecksum !== undefined) assert.deepEqual(readChecksum, checksum);
        await file.cancel();
      }
    },
  },
  {
    number: 80,
    title: 'exists is true or false, and false only on definite absence',
    run: async ({ backend, key, makeFaulty }) => {
      await backend.save(key('there'), '');
      assert.equal(await backend.exists(key('there')), true);
      assert.equal(await backend.exists(key('absent')), false);
      for (const code of ['PermissionDenied', 'Unauthenticated', 'BucketNotFound', 'Corrupted', 'Unknown'] as const) {
        const error = (): DriverFault => new DriverFault(code, 'injected');
        const failing = await makeFaulty([{ on: 'head', times: 100, fault: { kind: 'fail-before', error } }]);
        await expectCode(failing.backend.exists(key('there')), code);
        await expectCode(failing.backend.exists(key('absent')), code);
        await expectCode(failing.backend.getMetadata(key('absent')), code);
        assert.equal(failing.faults.fired, 3);
      }
    },
  },
  {
    number: 80,
    title: 'exists with bad credentials rejects',
    uses: ['makeDenied'],
    run: async ({ backend, key, makeExtra }) => {
      await backend.save(key('there'), '');
      const denied = await makeExtra('makeDenied');
      for (const name of ['there', 'absent']) {
        await expectCode(denied.exists(key(name)), 'PermissionDenied', 'Unauthenticated');
        await expectCode(denied.getMetadata(key(name)), 'PermissionDenied', 'Unauthenticated');
      }
    },
  },
  {
    number: 81,
    title: 'a path that is not clean is no other name of the object',
    run: async ({ backend, key }) => {
      await backend.save(key('folder/name'), 'here');
      for (const alias of uncleaned(key('folder/name'))) {
        for (const ask of [() => backend.exists(alias), () => backend.getMetadata(alias)]) {
          const answer = await ask().catch((error: unknown) => assertCode(error, 'InvalidKey'));
          assert.ok(answer === false || answer === undefined || answer instanceof Error, JSON.stringify(alias));
        }
      }
    },
  },
];
