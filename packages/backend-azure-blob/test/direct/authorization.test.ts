import { expect, test } from 'vitest';
import { createAuthorization } from '../../src/direct/authorization.ts';

const request = { method: 'GET', path: '/uploads/a', query: {}, headers: {} };
const challenge =
  'Bearer authorization_uri=https://login.microsoftonline.com/a-tenant/oauth2/authorize resource_id=https://storage.azure.com';

function tokens(lifeMs: number, name = (count: number) => `T${count}`) {
  const asked: (string | undefined)[] = [];
  const getToken = (_: string | string[], options: { tenantId?: string }) => {
    asked.push(options.tenantId);
    return Promise.resolve({ token: name(asked.length), expiresOnTimestamp: Date.now() + lifeMs });
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
  expect(authorization.refused(challenge, 'Bearer T1')).toBe(true);
  expect(await authorization.headerFor(request)).toBe('Bearer T2');
  expect(authorization.refused(challenge, 'Bearer T2')).toBe(false);
  expect(authorization.refused(undefined, 'Bearer T2')).toBe(false);
  expect(await authorization.headerFor(request)).toBe('Bearer T3');
  expect(asked).toEqual([undefined, 'a-tenant', 'a-tenant']);
});

test('each request that was under way when the tenant was told is worth another attempt', async () => {
  const { asked, authorization } = tokens(3_600_000);
  await authorization.headerFor(request);
  expect(authorization.refused(challenge, 'Bearer T1')).toBe(true);
  expect(await authorization.headerFor(request)).toBe('Bearer T2');
  expect(authorization.refused(challenge, 'Bearer T1')).toBe(true);
  expect(authorization.headerFor(request)).toBe('Bearer T2');
  expect(asked).toEqual([undefined, 'a-tenant']);
});

test('a credential that takes no notice of the tenant is not asked for ever', async () => {
  const { authorization } = tokens(3_600_000, () => 'T');
  await authorization.headerFor(request);
  expect(authorization.refused(challenge, 'Bearer T')).toBe(true);
  await authorization.headerFor(request);
  expect(authorization.refused(challenge, 'Bearer T')).toBe(false);
});

test('a signature goes with the query, and nothing else', () => {
  const authorization = createAuthorization({ kind: 'sas', token: 'sv=1&sig=x' });
  expect(authorization.query).toBe('sv=1&sig=x');
  expect(authorization.headerFor(request)).toBeUndefined();
});
