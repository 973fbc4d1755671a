import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absent, expectCode, expectRefused, headOf, holds, sameBytes, unchanged } from '../assertions.ts';
import { pattern } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { storedAttributes } from '../stored.ts';

/** Runs `work` with a folder of its own, which is gone afterwards. */
async function inFolder(work: (path: (name: string) => string, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    await work((name) => join(folder, name), folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const uploads: ConformanceCase = {
  number: 195,
  letter: 'b',
  title: 'a file on disk is stored whole with its attributes, whatever its size',
  run: ({ backend, limits, key }) =>
    inFolder(async (path) => {
      const { partSize } = limits;
      for (const size of [0, 1, partSize, 5 * partSize + 3]) {
        const name = `size-${size}`;
        await writeFile(path(name), pattern(size, 5));
        const result = await backend.uploadFile(key(name), path(name), {
          ...storedAttributes,
          partSize,
          concurrency: 3,
        });
        assert.equal(result.size, size);
        assert.equal(result.etag, (await headOf(backend, key(name))).etag);
        await holds(backend, key(name), pattern(size, 5));
        assert.deepEqual((await headOf(backend, key(name))).metadata, storedAttributes.metadata);
      }
      await unchanged(backend, key('size-1'), () =>
        expectCode(backend.uploadFile(key('size-1'), path('missing')), 'InvalidArgument', 'NotFound'),
      );
    }),
};

const resumedUpload: ConformanceCase = {
  number: 195,
  letter: 'c',
  title: 'an upload from disk that was cut goes on by its token and sends no part twice',
  claims: ['multipart'],
  needs: ({ multipart }) => multipart !== false,
  refused: (context) =>
    inFolder(async (path) => {
      // Without parts there is nothing to go on with: no token is given, and the file is stored in one request.
      await writeFile(path('file'), pattern(300_000));
      const tokens: string[] = [];
      await context.backend.uploadFile(context.key(), path('file'), {
        onToken: (token) => tokens.push(token),
        partSize: 65_536,
      });
      assert.deepEqual(tokens, []);
      await holds(context.backend, context.key(), pattern(300_000));
    }),
  run: (context) =>
    inFolder(async (path) => {
      const { partSize } = context.limits;
      const [key, bytes] = [context.key(), pattern(6 * partSize + 1, 8)];
      await writeFile(path('file'), bytes);
      const tokens: string[] = [];
      const cut = await context.makeFaulty(
        [{ on: 'multipart.putPart', skip: 3, times: 1000, fault: { kind: 'fail-before' } }],
        { retry: false },
      );
      const options = {
        partSize,
        concurrency: 1,
        onToken: (token: string) => void tokens.push(token),
        metadata: { a: '1' },
      };
      await expectCode(cut.backend.uploadFile(key, path('file'), options), 'Unavailable');
      assert.equal(tokens.length, 1, 'the token was told');
      await absent(context.backend, key);

      const [resume] = tokens as [string];
      const rest = await context.makeFaulty([]);
      await rest.backend.uploadFile(key, path('file'), {
        partSize,
        concurrency: 2,
        metadata: { a: '1' },
        resume,
      });
      assert.equal(rest.faults.calls.filter((call) => call.operation === 'multipart.putPart').length, 4);
      await holds(context.backend, key, bytes);
      assert.deepEqual((await headOf(context.backend, key)).metadata, { a: '1' });
    }),
};

const changedFile: ConformanceCase = {
  number: 195,
  letter: 'd',
  title: 'a token does not go on with a file that has changed',
  claims: ['multipart'],
  needs: ({ multipart }) => multipart !== false,
  refused: (context) =>
    inFolder(async (path) => {
      await writeFile(path('file'), 'x');
      await context.backend.save(context.key(), 'old');
      await expectRefused(context, context.key(), (backend) =>
        backend.uploadFile(context.key(), path('file'), { resume: 'token' }),
      );
    }),
  run: (context) =>
    inFolder(async (path) => {
      const { partSize } = context.limits;
      const key = context.key();
      await writeFile(path('file'), pattern(4 * partSize, 1));
      let resume = '';
      const cut = await context.makeFaulty(
        [{ on: 'multipart.putPart', skip: 1, times: 1000, fault: { kind: 'fail-before' } }],
        { retry: false },
      );
      const onToken = (token: string): void => {
        resume = token;
      };
      await expectCode(cut.backend.uploadFile(key, path('file'), { partSize, concurrency: 1, onToken }), 'Unavailable');
      await writeFile(path('file'), pattern(4 * partSize + 1, 2));
      await expectCode(
        context.backend.uploadFile(key, path('file'), { partSize, resume }),
        'InvalidArgument',
        'PreconditionFailed',
        'LengthMismatch',
      );
      await absent(context.backend, key);
    }),
};

const downloads: ConformanceCase = {
  number: 76,
  letter: 'a',
  title: 'a download to disk is exact, replaces what was there, and leaves nothing beside it',
  run: ({ backend, limits, key }) =>
    inFolder(async (path, folder) => {
      const { partSize } = limits;
      for (const size of [0, 1, partSize, 5 * partSize + 3]) {
        const name = `size-${size}`;
        await backend.save(key(name), pattern(size, 6));
        await writeFile(path('file'), 'what was there before, and longer than some');
        const info = await backend.downloadFile(key(name), path('file'), { partSize, concurrency: 3 });
        assert.equal(info.size, size);
        sameBytes(await readFile(path('file')), pattern(size, 6), name);
      }
      await expectCode(backend.downloadFile(key('missing'), path('other')), 'NotFound');
      assert.deepEqual(await readdir(folder), ['file']);
    }),
};

const cutDownload: ConformanceCase = {
  number: 76,
  letter: 'b',
  title: 'a download to disk that is cut shows no half file, and goes on where it was',
  run: (context) =>
    inFolder(async (path, folder) => {
      const { partSize } = context.limits;
      const [key, bytes] = [context.key(), pattern(8 * partSize, 7)];
      await context.backend.save(key, bytes);
      await expectCut(context, path('file'));
      assert.ok(!(await readdir(folder)).includes('file'), 'no half file is there');
      await context.backend.downloadFile(key, path('file'), { partSize });
      sameBytes(await readFile(path('file')), bytes);
      assert.deepEqual(await readdir(folder), ['file'], 'nothing is left beside it');
    }),
};

const changedDownload: ConformanceCase = {
  number: 78,
  letter: 'a',
  title: 'a download to disk of an object that changed meanwhile is of one of both, never a mix',
  run: (context) =>
    inFolder(async (path) => {
      const { partSize } = context.limits;
      const key = context.key();
      await context.backend.save(key, pattern(8 * partSize, 7));
      await expectCut(context, path('file'));
      await context.backend.save(key, pattern(8 * partSize, 8));
      await context.backend.downloadFile(key, path('file'), { partSize });
      sameBytes(await readFile(path('file')), pattern(8 * partSize, 8));
    }),
};

/** A download of the object to `path` that is cut after some of its requests. */
async function expectCut(context: CaseContext, path: string): Promise<void> {
  const { partSize } = context.limits;
  const { backend, faults } = await context.makeFaulty(
    [
      { on: 'get', fault: { kind: 'cut-body', afterBytes: 2 * partSize + 10 } },
      { on: 'get', times: 1000, fault: { kind: 'fail-before' } },
    ],
    { retry: false },
  );
  await expectCode(backend.downloadFile(context.key(), path, { partSize, concurrency: 1 }), 'Unavailable');
  assert.ok(faults.fired >= 1, 'the download was cut');
}

/** Files on disk, sent and fetched. */
export const fileCases: readonly ConformanceCase[] = [
  uploads,
  resumedUpload,
  changedFile,
  downloads,
  cutDownload,
  changedDownload,
];
