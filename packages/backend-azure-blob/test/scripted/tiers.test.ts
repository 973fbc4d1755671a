import { expect, test } from 'vitest';
import { blob, failure } from './documented-answers.ts';
import type { ScriptedAnswer } from './scripted-service.ts';
import { errorOf, inTurn, scripted } from './setup.ts';

// Azurite rehydrates at once and knows no other kind of account.
const key = 'old.txt';
const archived = { 'x-ms-access-tier': 'Archive', 'x-ms-access-tier-inferred': 'false' };
const pending = {
  ...archived,
  'x-ms-archive-status': 'rehydrate-pending-to-hot',
  'x-ms-rehydrate-priority': 'Standard',
};
const accepted: ScriptedAnswer = { status: 202 };

test('an archived file is restoring until the service says that it is back', async () => {
  const answers = [blob('text', archived), accepted, blob('text', pending), blob('text', pending), blob('text')];
  const { backend, service } = await scripted(inTurn(...answers));
  expect(await backend.restoreArchived(key)).toMatchObject({ tier: 'Archive', archive: { status: 'restoring' } });
  expect(service.requests[1]?.headers).toMatchObject({
    'x-ms-access-tier': 'Hot',
    'x-ms-rehydrate-priority': 'Standard',
  });
  // Asked again, nothing is sent but the question.
  expect(await backend.restoreArchived(key)).toMatchObject({ archive: { status: 'restoring' } });
  expect(service.requests.map(({ method }) => method)).toEqual(['HEAD', 'PUT', 'HEAD', 'HEAD']);
  const back = await backend.getMetadata(key);
  expect(back?.tier).toBe('Hot');
  expect(back?.archive).toBeUndefined();
});

test('what is on its way can be hurried', async () => {
  const { backend, service } = await scripted(inTurn(blob('text', pending), accepted, blob('text', pending)));
  await backend.restoreArchived(key, { priority: 'High', tier: 'Cool' });
  expect(service.requests[1]?.headers).toMatchObject({ 'x-ms-access-tier': 'Cool', 'x-ms-rehydrate-priority': 'High' });
});

test('properties tell of rehydration, last access, holds and copies', async () => {
  const headers = {
    ...pending,
    'x-ms-last-access-time': 'Fri, 02 Jan 2026 00:00:00 GMT',
    'x-ms-access-tier-change-time': 'Sat, 03 Jan 2026 00:00:00 GMT',
    'x-ms-immutability-policy-until-date': 'Fri, 01 Jan 2027 00:00:00 GMT',
    'x-ms-immutability-policy-mode': 'unlocked',
    'x-ms-legal-hold': 'true',
    'x-ms-copy-status': 'pending',
    'x-ms-encryption-scope': 'scope-1',
  };
  const { backend } = await scripted(() => blob('text', headers));
  expect(await backend.getBlobProperties(key)).toMatchObject({
    blobTier: 'Archive',
    archiveStatus: 'rehydrate-pending-to-hot',
    rehydratePriority: 'Standard',
    lastAccessedOn: new Date('2026-01-02'),
    tierChangedOn: new Date('2026-01-03'),
    immutableUntil: new Date('2027-01-01'),
    legalHold: true,
    copyStatus: 'pending',
    encryption: { algorithm: 'AES256', keyId: 'scope-1' },
  });
});

test('reading what is still archived names the call that helps', async () => {
  const { backend } = await scripted(() =>
    failure(409, 'BlobArchived', 'This operation is not permitted on an archived blob.'),
  );
  const error = await errorOf(backend.retrieve(key));
  expect(error).toMatchObject({ code: 'Archived', retryable: 'no', attempts: 1 });
  expect(error.message).toContain('restoreArchived');
});

test('a tier that the account does not have is refused with the setting to change', async () => {
  const refusal = failure(400, 'BlobAccessTierNotSupportedForAccountType', 'The access tier is not supported.');
  const { backend } = await scripted(() => refusal);
  const calls = [() => backend.setBlobTier(key, 'Cold'), () => backend.save(key, 'text', { tier: 'Cold' })];
  for (const call of calls) {
    const error = await errorOf(call());
    expect(error).toMatchObject({ code: 'InvalidArgument', attempts: 1 });
    expect(error.message).toContain('change tier');
  }
});

test('a copy that the service takes its time for is waited for', async () => {
  const snapshot = '2026-01-01T00:00:00.0000001Z';
  const copying = (status: string): Record<string, string> => ({ 'x-ms-copy-id': 'C1', 'x-ms-copy-status': status });
  const pendingCopy: ScriptedAnswer = { status: 202, headers: { etag: '"0x1"', ...copying('pending') } };
  const { backend, service } = await scripted(
    inTurn(pendingCopy, blob('', copying('pending')), blob('text', copying('success')), blob('text')),
  );
  expect(await backend.restoreSnapshot(key, snapshot)).toMatchObject({ key, size: 4 });
  expect(service.requests.map(({ method }) => method)).toEqual(['PUT', 'HEAD', 'HEAD', 'HEAD']);

  const failed = blob('', {
    ...copying('failed'),
    'x-ms-copy-status-description': '500 InternalServerError "Copy failed."',
  });
  const broken = await scripted(inTurn(pendingCopy, failed), { retry: false });
  expect((await errorOf(broken.backend.restoreSnapshot(key, snapshot))).message).toContain(
    'the copy failed on the service: 500',
  );
});
