import { randomUUID } from 'node:crypto';
import { isStorageError, type StorageError } from '@storage/core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { AzureBlobBackend, type AzureBlobOptions } from '../src/index.ts';
import { blob, failure } from './scripted/documented-answers.ts';
import { scripted } from './scripted/setup.ts';

const azurite = inject('azurite');

async function errorOf(call: () => unknown): Promise<StorageError> {
  try {
    await call();
  } catch (error) {
    if (isStorageError(error)) return error;
    throw error;
  }
  return expect.fail('it resolved');
}

// Every setting that can be wrong, and what the error says of it.
describe.skipIf('skipped' in azurite)('on an Azurite server', () => {
  const containerName = `bad-input-${randomUUID()}`;
  const opened: AzureBlobBackend[] = [];
  const make = (more: AzureBlobOptions = {}): AzureBlobBackend => {
    if ('skipped' in azurite) throw new Error(azurite.skipped);
    const made = new AzureBlobBackend({ ...azurite, containerName, retry: false, ...more });
    opened.push(made);
    return made;
  };
  let backend: AzureBlobBackend;
  beforeAll(async () => {
    backend = make();
    await backend.save('there', 'text', { tier: 'Cool' });
  });
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  const sasUrl = async (expiresOn: Date): Promise<string> => {
    const { ContainerSASPermissions } = await import('@azure/storage-blob');
    const permissions = ContainerSASPermissions.parse('rwdl');
    return (await backend.native()).generateSasUrl({ permissions, expiresOn });
  };

  test.each<[string, () => Promise<AzureBlobBackend>, code: RegExp, message: RegExp]>([
    [
      'a wrong key',
      async () => make({ accountKey: Buffer.alloc(64).toString('base64') }),
      /^(PermissionDenied|Unauthenticated)$/,
      /accountKey/,
    ],
    [
      'an account that is not there',
      async () => make({ accountName: 'nosuchaccount', endpointUrl: endpointOf('nosuchaccount') }),
      /^BucketNotFound$/,
      /accountName or endpointUrl names no account/,
    ],
    [
      'an expired SAS',
      async () => {
        const url = await sasUrl(new Date(Date.now() - 60_000));
        const made = new AzureBlobBackend({ sasUrl: url, retry: false });
        opened.push(made);
        return made;
      },
      /^(PermissionDenied|Unauthenticated)$/,
      /sasToken or sasUrl/,
    ],
    [
      'a missing container',
      async () => make({ containerName: 'is-not-there', createContainer: false }),
      /^BucketNotFound$/,
      /containerName .* createContainer/,
    ],
  ])('%s is told in every call, with the setting to change', async (_, open, code, message) => {
    const made = await open();
    const calls: Record<string, () => Promise<unknown>> = {
      save: () => made.save('a', 'text'),
      retrieve: () => made.retrieve('there'),
      exists: () => made.exists('there'),
      getMetadata: () => made.getMetadata('there'),
      listFiles: () => made.listFiles(),
      delete: () => made.delete('there'),
      getTags: () => made.getTags('there'),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await errorOf(call);
      expect([name, error.code]).toEqual([name, expect.stringMatching(code)]);
      expect([name, error.message]).toEqual([name, expect.stringMatching(message)]);
    }
    expect(await backend.exists('there')).toBe(true);
  });

  function endpointOf(account: string): string {
    if ('skipped' in azurite) throw new Error(azurite.skipped);
    return azurite.endpointUrl.replace(/[^/]+$/, account);
  }

  test('a metadata name that is no identifier is stored under one; one that is no name at all is refused', async () => {
    await backend.save('named', 'text', { metadata: { 'job-id': '1', _x9: '2' } });
    expect((await backend.getMetadata('named'))?.metadata).toEqual({ 'job-id': '1', _x9: '2' });
    for (const name of ['no identifier', '9lives', 'a.b', 'ü', '', '-a']) {
      const error = await errorOf(() => backend.save('named', 'text', { metadata: { [name]: 'x' } }));
      expect(error).toMatchObject({ code: 'InvalidArgument', attempts: 0 });
      expect(error.message).toContain('metadata');
    }
  });

  test('an archived file names the call that brings it back', async () => {
    await backend.save('old', 'text', { tier: 'Archive' });
    for (const call of [() => backend.retrieve('old'), () => backend.copy('old', 'new')]) {
      const error = await errorOf(call);
      expect(error).toMatchObject({ code: 'Archived', retryable: 'no' });
      expect(error.message).toContain('restoreArchived');
    }
  });
});

test.each([
  ['BlobAccessTierNotSupportedForAccountType', 400],
  ['InvalidBlobTier', 400],
  ['BlobTierInadequateForContentLength', 409],
])('a tier that the account does not allow (%s) names tier', async (code, status) => {
  const { backend } = await scripted(({ method }) =>
    method === 'PUT' ? failure(status, code, 'The access tier is not allowed.') : blob('text'),
  );
  for (const call of [() => backend.save('a', 'x', { tier: 'Cold' }), () => backend.setBlobTier('a', 'Cold')]) {
    const error = await errorOf(call);
    expect(error.retryable).toBe('no');
    expect(error.message).toContain('change tier');
  }
});

const credential = { getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: 0 }) };
test.each<[string, AzureBlobOptions, RegExp]>([
  ['a container name that is none', { containerName: 'My_Uploads' }, /containerName must be a container name/],
  [
    'http with a token',
    { credential, accountKey: undefined, endpointUrl: 'http://mycompany.blob.core.windows.net' },
    /endpointUrl must begin with https:\/\//,
  ],
])('%s is refused when the backend is made', async (_, more, message) => {
  const options = { accountName: 'mycompany', accountKey: 'a2V5', containerName: 'uploads', ...more };
  const error = await errorOf(() => new AzureBlobBackend(options));
  expect(error.code).toBe('InvalidConfig');
  expect(error.message).toMatch(message);
});
