import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { blob, failure, written } from './documented-answers.ts';
import type { ScriptedAnswer } from './scripted-service.ts';
import { errorOf, inTurn, scripted } from './setup.ts';

const retryAfter = { 'retry-after': '0' };
const passing: readonly (readonly [name: string, answer: ScriptedAnswer])[] = [
  ['503 ServerBusy', failure(503, 'ServerBusy', 'The server is busy.', retryAfter)],
  ['429', failure(429, 'TooManyRequests', 'Too many requests.', retryAfter)],
  ['502 of a gateway', { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' }],
  ['504 of a gateway', { status: 504 }],
  ['500 OperationTimedOut', failure(500, 'OperationTimedOut', 'The operation could not be completed in time.')],
  ['500 InternalError', failure(500, 'InternalError', 'The server encountered an internal error.')],
];

test.each(passing)('%s passes: reads and writes are sent again', async (_, answer) => {
  const read = await scripted(inTurn(answer, answer, blob('text')));
  expect(await (await read.backend.retrieve('a')).text()).toBe('text');
  expect(read.service.requests).toHaveLength(3);
  const write = await scripted(inTurn(answer, written('"0x1"')));
  await write.backend.save('a', 'text');
  expect(write.service.requests.map(({ body }) => body.toString())).toEqual(['text', 'text']);
});

test.each([
  ['503 ServerBusy', 'Throttled'],
  ['429', 'Throttled'],
  ['502 of a gateway', 'Unavailable'],
  ['500 OperationTimedOut', 'Timeout'],
] as const)('%s that does not pass is %s', async (name, code) => {
  const [, answer] = passing.find(([each]) => each === name) ?? [];
  const { backend, service } = await scripted(() => answer as ScriptedAnswer, {
    retry: { attempts: 2, baseDelayMs: 1, throttledDelayMs: 1 },
  });
  expect(await errorOf(backend.retrieve('a'))).toMatchObject({ code, attempts: 2 });
  expect(service.requests).toHaveLength(2);
});

const skewed = new Date(Date.now() + 47 * 60 * 1000).toUTCString();
const detail = (text: string): string => `<AuthenticationErrorDetail>${text}</AuthenticationErrorDetail>`;

test.each<[string, ScriptedAnswer, string, RegExp]>([
  [
    'a wrong key',
    failure(403, 'AuthenticationFailed', 'Server failed to authenticate the request.'),
    'Unauthenticated',
    /accountKey is not that of accountName/,
  ],
  [
    'an expired signature',
    failure(
      403,
      'AuthenticationFailed',
      'Server failed to authenticate the request.',
      {},
      detail('Signature not valid in the specified time frame: Start [x] - Expiry [y] - Current [z]'),
    ),
    'Unauthenticated',
    /SAS has expired .* new sasToken or sasUrl/,
  ],
  [
    'a role or signature that does not permit it',
    failure(403, 'AuthorizationPermissionMismatch', 'This request is not authorized to perform this operation.'),
    'PermissionDenied',
    /Storage Blob Data Contributor/,
  ],
  [
    'network rules',
    failure(403, 'AuthorizationFailure', 'This request is not authorized to perform this operation.'),
    'PermissionDenied',
    /network rules/,
  ],
  [
    'an immutability policy or a legal hold',
    failure(409, 'BlobImmutableDueToPolicy', 'This operation is not permitted as the blob is immutable.'),
    'PermissionDenied',
    /immutability policy or a legal hold/,
  ],
  [
    'a file written with a key of another client',
    failure(409, 'BlobUsesCustomerSpecifiedEncryption', 'The blob is encrypted with customer specified encryption.'),
    'PermissionDenied',
    /customerProvidedKey/,
  ],
  [
    'a missing container',
    failure(404, 'ContainerNotFound', 'The specified container does not exist.'),
    'BucketNotFound',
    /createContainer/,
  ],
  [
    'a lease of another client',
    failure(412, 'LeaseIdMissing', 'There is currently a lease on the blob and no lease ID was specified.'),
    'Conflict',
    /withLease\(leaseId\)/,
  ],
])('%s is told by its name and with what to do', async (_, answer, code, message) => {
  const { backend } = await scripted(() => answer, { createContainer: false });
  const error = await errorOf(backend.save('a', 'text'));
  expect(error).toMatchObject({ code, retryable: 'no', attempts: 1 });
  expect(error.message).toMatch(message);
});

test.each([
  ['direct', 2],
  ['sdk', 1],
] as const)(
  'a clock that is wrong is told with what to do, by transport %s after %i attempts',
  async (transport, attempts) => {
    const skewedRefusal = failure(403, 'AuthenticationFailed', 'Server failed to authenticate the request.', {
      date: skewed,
    });
    const { backend } = await scripted(() => skewedRefusal, { createContainer: false, transport });
    const error = await errorOf(backend.save('a', 'text'));
    expect(error).toMatchObject({ code: 'Unauthenticated', retryable: 'no', attempts });
    expect(error.message).toMatch(/clock of this machine is wrong, by 47 minutes behind/);
  },
);

test('a host that is not known names the settings that say it', async () => {
  const { backend } = await scripted(() => ({ status: 500 }), {
    endpointUrl: 'http://no-such-account.invalid',
    retry: false,
  });
  const error = await errorOf(backend.retrieve('a'));
  expect(error.code).toBe('Unavailable');
  expect(error.message).toMatch(/accountName or endpointUrl/);
});

test('no signature and no key is shown in an error, its JSON or what inspect prints', async () => {
  const signature = 'c2VjcmV0LXNpZ25hdHVyZS1vZi1hLXNhcw==';
  const sasToken = `sv=2026-02-06&sr=c&sp=r&se=2027-01-01&sig=${encodeURIComponent(signature)}`;
  const { service } = await scripted(() => ({ status: 200 }));
  const echo = (request: { query: URLSearchParams }): ScriptedAnswer =>
    failure(403, 'AuthenticationFailed', `The signature ${request.query.get('sig') ?? ''} did not match.`);
  const { backend } = await scripted(echo, { accountKey: undefined, sasToken });
  const error = await errorOf(backend.retrieve('a'));
  for (const printed of [error.message, error.stack ?? '', JSON.stringify(error), inspect(error)]) {
    for (const secret of [signature, encodeURIComponent(signature)]) expect(printed).not.toContain(secret);
  }
  expect(service.requests).toEqual([]);
});

test('the options set headers on the requests that take them, and on no other', async () => {
  const { backend, service } = await scripted(
    ({ method, query }) => (query.has('comp') ? { status: 204 } : method === 'PUT' ? written('"0x1"') : blob('text')),
    {
      tier: 'Cool',
      encryptionScope: 'scope-1',
    },
  );
  await backend.save('a', 'text');
  await backend.retrieve('a').then((file) => file.text());
  await backend.setTags('a', { b: '1' });
  const [put, get, tags] = service.requests;
  expect(put?.headers).toMatchObject({ 'x-ms-access-tier': 'Cool', 'x-ms-encryption-scope': 'scope-1' });
  for (const request of [get, tags]) {
    expect(request?.headers).not.toHaveProperty('x-ms-access-tier');
    expect(request?.headers).not.toHaveProperty('x-ms-encryption-scope');
  }
});
