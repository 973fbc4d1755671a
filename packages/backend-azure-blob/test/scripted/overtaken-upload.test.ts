import type { UploadOptions, UploadSession } from '@storage/core';
import { describe, expect, test } from 'vitest';
import type { AzureBlobBackend } from '../../src/index.ts';
import type { ScriptedRequest } from './scripted-service.ts';
import { errorOf, scripted } from './setup.ts';
import { stagingAccount } from './staging-account.ts';

const key = 'a/b.txt';
const overtakers: Readonly<Record<string, (backend: AzureBlobBackend) => Promise<unknown>>> = {
  'a plain save': (backend) => backend.save(key, 'plain'),
  'another upload in parts': async (backend) => {
    const other = await begun(backend, ['pl', 'ain']);
    await other.complete();
  },
};

// Azurite keeps what a put should discard; these answers are written from the service's documentation.
describe.each(Object.entries(overtakers))('an upload that was overtaken by %s', (_, overtake) => {
  test('is told, and the other’s content stays whole', async () => {
    const { backend, service } = await scripted(stagingAccount());
    const session = await begun(backend, ['mine ', 'too']);
    await overtake(backend);
    const error = await errorOf(session.complete());
    expect(error).toMatchObject({ code: 'Conflict', retryable: 'safe', attempts: 1 });
    expect(error.message).toContain('another upload to this key was completed first, and nothing was changed');
    expect(error.cause).toMatchObject({ details: { errorCode: 'InvalidBlockList' } });
    expect(await textOf(backend)).toBe('plain');
    expect(service.requests.filter(isCommit).length).toBeGreaterThan(0);
  });

  test('has no parts any more, in another process too, and a late one does not bring it back', async () => {
    const { backend } = await scripted(stagingAccount());
    const session = await begun(backend, ['mine ', 'too']);
    await overtake(backend);
    for (const late of [false, true]) {
      if (late) await session.putPart(2, 'late');
      const resumed = await backend.resumeUpload(session.toToken());
      const error = await errorOf(resumed.parts());
      expect(error).toMatchObject({ code: 'NotFound' });
      expect(error.message).toContain('the upload was completed, overtaken by another, or has expired');
      expect(await errorOf(resumed.complete())).toMatchObject({ code: 'Conflict' });
    }
    expect(await textOf(backend)).toBe('plain');
  });

  test('begins anew once where its body can be read again, and then is whole itself', async () => {
    const body = 'x'.repeat(3000);
    const { backend, service } = await overtakenOnce(overtake);
    await backend.save(key, () => new Blob([body]).stream(), { partSize: 1000 });
    expect(await textOf(backend)).toBe(body);
    expect(service.requests.filter(isCommit).length).toBeGreaterThan(1);
  });

  test('rejects where its body is gone', async () => {
    const { backend } = await overtakenOnce(overtake);
    const error = await errorOf(backend.save(key, new Blob(['x'.repeat(3000)]).stream(), { partSize: 1000 }));
    expect(error).toMatchObject({ code: 'Conflict', retryable: 'safe' });
    expect(await textOf(backend)).toBe('plain');
  });

  test.each(['condition', 'blocks'] as const)(
    'says by its condition that it lost, where the service looks at the %s first',
    async (first) => {
      const { backend } = await scripted(stagingAccount(first));
      const absent = await begun(backend, ['mine'], { ifAbsent: true });
      await overtake(backend);
      expect(await errorOf(absent.complete())).toMatchObject({ code: 'AlreadyExists', retryable: 'no' });
      const { etag } = (await backend.getMetadata(key)) ?? expect.fail('it is gone');
      const same = await begun(backend, ['mine'], { ifMatch: etag });
      await overtake(backend);
      expect(await errorOf(same.complete())).toMatchObject({ code: 'PreconditionFailed', retryable: 'no' });
      expect(await textOf(backend)).toBe('plain');
    },
  );
});

test('an upload whose commit landed and whose answer was lost knows itself, though its blocks are gone', async () => {
  const account = stagingAccount();
  let lost = 0;
  const { backend } = await scripted((request) => {
    const answer = account(request);
    if (!isCommit(request) || lost++ > 0) return answer;
    return { status: 500 };
  });
  const session = await begun(backend, ['mine ', 'too']);
  await session.complete();
  expect(lost).toBe(2);
  expect(await textOf(backend)).toBe('mine too');
});

test('a copy in blocks that was overtaken is made again', async () => {
  const { backend, service } = await overtakenOnce((other) => other.save(key, 'plain'));
  await backend.save('source', 'of the source');
  await backend.copy('source', key, { contentType: 'text/csv' });
  expect(await textOf(backend)).toBe('of the source');
  expect(service.requests.filter(isCommit)).toHaveLength(2);
});

test('an upload that nobody overtook, and that lacks a part, is open and says which', async () => {
  const { backend } = await scripted(stagingAccount());
  const session = await begun(backend, ['mine ', 'too']);
  const parts = await session.parts();
  await session.putPart(2, 'anew');
  const forged = parts.map((part) => ({ ...part, etag: part.etag.replace(/.{4}$/, 'YmJi') }));
  const error = await errorOf(session.complete({ parts: forged }));
  expect(error).toMatchObject({ code: 'InvalidArgument' });
  expect(error.message).toContain('part 1 is missing, or was sent again since');
  await session.complete();
  expect(await textOf(backend)).toBe('mine anew');
});

/** A backend that somebody overtakes just before its first commit. */
async function overtakenOnce(overtake: (backend: AzureBlobBackend) => Promise<unknown>) {
  const account = stagingAccount();
  let isOvertaken = false;
  const made = await scripted(async (request) => {
    if (isCommit(request) && !isOvertaken) {
      isOvertaken = true;
      await overtake(made.backend);
    }
    return account(request);
  });
  return made;
}

function isCommit({ method, query }: ScriptedRequest): boolean {
  return method === 'PUT' && query.get('comp') === 'blocklist';
}

/** An upload whose parts are there. */
async function begun(backend: AzureBlobBackend, parts: string[], options: UploadOptions = {}): Promise<UploadSession> {
  const session = await backend.createUpload(key, options);
  for (const [index, part] of parts.entries()) await session.putPart(index + 1, part);
  return session;
}

async function textOf(backend: AzureBlobBackend): Promise<string> {
  return (await backend.retrieve(key)).text();
}
