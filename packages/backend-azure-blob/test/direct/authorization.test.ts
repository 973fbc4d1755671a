import { expect, test } from 'vitest';
import { createAuthorization } from '../../src/direct/authorization.ts';

const request = { method: 'GET', path: '/uploads/a', query: {}, headers: {} };
const challenge =
  'Bearer authorization_uri=https://login.microsoftonline.com/a-tenant/oauth2/authorize resource_id=https://storage.azure.com';

function tokens(lifeMs: number) {
  const asked: (string | undefined)[] = [];
  const getToken = (_: string | string[], options: { tenantId?: string }) => {
    asked.push(options.tenantId);
    return Promise.resolve({ token: `T${asked.length}`, expiresOnTimestamp: Date.now() + lifeMs });
  };
  const authorization = createAuthorization({ kind: 'token', accountName: 'mycompany', credential: { getToken } });
  return { asked, authorization };
}

test('a token is asked for once while it lives, and by all who wait for it', async () => {
  const { asked, authorization } = tokens(3_600_000);
  await Promise.all([authorization.headerFor(request), authorization.headerFor(request)]);
  expect(authorization.headerFor(request)).toBe('Bearer T1');
  expect(asked).toEqual([undefined]);
});

test('a token that ends soon is not used', async () => {
  const { asked, authorization } = tokens(299_000);
  await authorization.headerFor(request);
  expect(await authorization.headerFor(request)).toBe('Bearer T2');
  expect(asked).toHaveLength(2);
});

test('a refusal that names another tenant is worth another attempt, once', async () => {
  const { asked, authorization } = tokens(3_600_000);
  await authorization.headerFor(request);
  expect(authorization.refused(challenge)).toBe(true);
  expect(await authorization.headerFor(request)).toBe('Bearer T2');
  expect(authorization.refused(challenge)).toBe(false);
  expect(authorization.refused(undefined)).toBe(false);
  expect(await authorization.headerFor(request)).toBe('Bearer T3');
  expect(asked).toEqual([undefined, 'a-tenant', 'a-tenant']);
});

test('a signature goes with the query, and nothing else', () => {
  const authorization = createAuthorization({ kind: 'sas', token: 'sv=1&sig=x' });
  expect(authorization.query).toBe('sv=1&sig=x');
  expect(authorization.headerFor(request)).toBeUndefined();
});
