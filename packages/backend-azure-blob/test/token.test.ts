import { inspect } from 'node:util';
import { isStorageError } from '@storage/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AzureBlobBackend, type AzureBlobOptions } from '../src/index.ts';
import { credentialOf, type SecureAzurite, startSecureAzurite } from './secure-azurite.ts';

// Tokens go over TLS alone, so that these tests have an Azurite of their own.
describe('with TLS and tokens', () => {
  let azurite: SecureAzurite;
  const opened: AzureBlobBackend[] = [];
  const make = (more: AzureBlobOptions = {}): AzureBlobBackend => {
    const { accountName, endpointUrl, ca } = azurite;
    const backend = new AzureBlobBackend({
      accountName,
      endpointUrl,
      ca,
      containerName: 'tokens',
      retry: false,
      ...more,
    });
    opened.push(backend);
    return backend;
  };
  beforeAll(async () => {
    azurite = await startSecureAzurite();
  });
  afterAll(async () => {
    await Promise.all(opened.map((backend) => backend.close()));
    await azurite.stop();
  });

  test('a credential is a way in, and its token is kept while it lives', async () => {
    const credential = credentialOf();
    const backend = make({ credential });
    await backend.save('a.txt', 'text', { metadata: { jobId: '456' } });
    const file = await backend.retrieve('a.txt');
    expect([await file.text(), file.metadata['jobId']]).toEqual(['text', '456']);
    expect((await backend.listFiles()).map(({ key }) => key)).toEqual(['a.txt']);
    // Once for the SDK, which has created the container, and once for what needs no SDK.
    expect(credential.asked).toBe(2);
  });

  test('a token signs URLs by a delegation key, which is asked for once', async () => {
    const backend = make({ credential: credentialOf() });
    await backend.save('a b/ü+%41.txt', 'signed');
    const urls = await Promise.all([backend.getUrl('a b/ü+%41.txt'), backend.getUrl('a b/ü+%41.txt')]);
    const later = await backend.getUrl('a b/ü+%41.txt', { expiresIn: 604_800 });
    for (const url of [...urls, later]) {
      const { searchParams } = new URL(url);
      expect(searchParams.get('skoid')).toMatch(/^0+/);
      expect(searchParams.get('spr')).toBe('https');
      const service = new AzureBlobBackend({
        sasUrl: url.replace(/\/a%20b.*\?/, '?'),
        containerName: 'tokens',
        ca: azurite.ca,
      });
      opened.push(service);
      expect(await (await service.retrieve('a b/ü+%41.txt')).text()).toBe('signed');
    }
  });

  test('a token for another audience, one that has expired and none at all are told apart from a fault of the service', async () => {
    const wrong = [credentialOf({ aud: 'https://vault.azure.net' }), credentialOf({ exp: 1 })];
    for (const credential of wrong) {
      const error = await rejection(make({ credential }).retrieve('a.txt'));
      expect(['Unauthenticated', 'PermissionDenied']).toContain(error.code);
      const { token } = (await credential.getToken('')) as { token: string };
      for (const printed of [error.message, error.stack, JSON.stringify(error), inspect(error)]) {
        expect(printed).not.toContain(token);
      }
    }
    const signIn = Object.assign(new Error('az is not there'), { name: 'CredentialUnavailableError' });
    const error = await rejection(make({ credential: { getToken: () => Promise.reject(signIn) } }).retrieve('a.txt'));
    expect(error).toMatchObject({ code: 'Unauthenticated', cause: signIn });
    expect(error.message).toContain('no way to sign in');
  });

  test('a key of the client is sent, which Azurite has to refuse', async () => {
    const customerProvidedKey = Buffer.alloc(32, 'c').toString('base64');
    const backend = make({ accountKey: azurite.accountKey, customerProvidedKey });
    const error = await rejection(backend.save('secret.txt', 'text'));
    expect(error).toMatchObject({ code: 'Unsupported', providerCode: 'FeatureNotSupported' });
    expect(String(error.cause)).toContain('x-ms-encryption-key');
    expect(inspect(error)).not.toContain(customerProvidedKey);
    expect(backend.capabilities.sign).toBe(false);
  });

  test('a certificate that nobody vouches for is refused, with what to do', async () => {
    const error = await rejection(make({ accountKey: azurite.accountKey, ca: undefined }).retrieve('a.txt'));
    expect(error).toMatchObject({ code: 'Unavailable', retryable: 'no' });
    expect(error.message).toContain('certificate');
  });
});

async function rejection(action: Promise<unknown>) {
  const error = await action.then(
    () => expect.fail('it resolved'),
    (reason: unknown) => reason,
  );
  if (!isStorageError(error)) throw error;
  return error;
}
