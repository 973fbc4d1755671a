import { expect, test } from 'vitest';
import { errorOf, isSkipped, newBackend } from './bucket.ts';

const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);

test.skipIf(isSkipped())('a retention keeps a version from being deleted, until somebody may shorten it', async () => {
  await using backend = newBackend({ objectLock: true });
  const { versionId } = await backend.save('contract.pdf', 'text');
  expect(await backend.getRetention('contract.pdf')).toBeUndefined();

  const until = inDays(2);
  await backend.setRetention('contract.pdf', { mode: 'GOVERNANCE', until });
  expect(await backend.getRetention('contract.pdf', { versionId })).toEqual({ mode: 'GOVERNANCE', until });
  const deletion = await errorOf(backend.delete('contract.pdf', { versionId }));
  expect(deletion).toMatchObject({ code: 'PermissionDenied', retryable: 'no' });
  expect(deletion.message).toContain('see getRetention');
  // A deletion without a version hides the object; the version stays.
  await backend.delete('contract.pdf');
  await backend.undelete('contract.pdf');

  const shorter = { mode: 'GOVERNANCE', until: inDays(1) } as const;
  expect((await errorOf(backend.setRetention('contract.pdf', shorter))).code).toBe('PermissionDenied');
  await backend.setRetention('contract.pdf', shorter, { bypassGovernance: true });
  expect(await backend.getRetention('contract.pdf')).toEqual(shorter);
});

test.skipIf(isSkipped())('a legal hold keeps a version until it is taken off', async () => {
  await using backend = newBackend({ objectLock: true });
  const { versionId } = await backend.save('a', 'text');
  expect(await backend.getLegalHold('a')).toBe(false);
  await backend.setLegalHold('a', true);
  expect(await backend.getLegalHold('a')).toBe(true);
  expect((await errorOf(backend.delete('a', { versionId }))).code).toBe('PermissionDenied');
  await backend.setLegalHold('a', false, { versionId });
  await backend.delete('a', { versionId });
  expect(await backend.exists('a')).toBe(false);
});

test.skipIf(isSkipped())('what cannot be locked says so', async () => {
  await using locking = newBackend({ objectLock: true });
  await locking.save('a', 'text');
  expect((await errorOf(locking.suspendVersioning())).message).toContain('that needs versioning');
  expect((await errorOf(locking.getRetention('missing'))).code).toBe('NotFound');

  await using plain = newBackend();
  await plain.save('a', 'text');
  const error = await errorOf(plain.setRetention('a', { mode: 'GOVERNANCE', until: inDays(1) }));
  expect(error).toMatchObject({ code: 'Unsupported' });
  expect(error.message).toContain('objectLock: true');
});

test.skipIf(isSkipped())('bad arguments are refused before anything is sent', async () => {
  await using backend = newBackend();
  const until = inDays(1);
  for (const retention of [{ mode: 'governance', until }, { mode: 'GOVERNANCE', until: new Date(0) }, null, {}]) {
    const error = await errorOf(backend.setRetention('a', retention as never));
    expect(error).toMatchObject({ code: 'InvalidArgument', httpStatus: undefined });
  }
  expect((await errorOf(backend.setLegalHold('a', 'yes' as never))).code).toBe('InvalidArgument');
  expect((await errorOf(backend.getLegalHold('', {}))).code).toBe('InvalidKey');
  expect((await errorOf(backend.getLegalHold('a', { version: 'x' } as never))).code).toBe('InvalidArgument');
});
