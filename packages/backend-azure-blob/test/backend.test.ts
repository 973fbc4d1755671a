import { randomUUID } from 'node:crypto';
import { isStorageError, type StorageError } from '@storage/core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { AzureBlobBackend, type AzureBlobOptions } from '../src/index.ts';

const azurite = inject('azurite');

async function errorOf(action: Promise<unknown>): Promise<StorageError> {
  const error = await action.then(
    () => expect.fail('it resolved'),
    (reason: unknown) => reason,
  );
  if (!isStorageError(error)) throw error;
  return error;
}

describe.skipIf('skipped' in azurite)('what only this backend has, on an Azurite server', () => {
  const make = (more: AzureBlobOptions = {}): AzureBlobBackend => {
    if ('skipped' in azurite) throw new Error(azurite.skipped);
    const backend = new AzureBlobBackend({ ...azurite, containerName: 'backend-tests', retry: false, ...more });
    opened.push(backend);
    return backend;
  };
  const opened: AzureBlobBackend[] = [];
  const newKey = (): string => `${randomUUID()}/a key.txt`;
  const textOf = async (key: string, of = backend): Promise<string> => (await of.retrieve(key)).text();

  let backend: AzureBlobBackend;
  beforeAll(async () => {
    backend = make();
    await backend.save('first', '');
  });
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  test('a file is moved between tiers by name, and read again when it is back', async () => {
    const key = newKey();
    await backend.save(key, 'text', { metadata: { jobId: '456' } });
    expect(await backend.setBlobTier(key, 'Cool')).toMatchObject({ key, tier: 'Cool', metadata: { jobId: '456' } });
    expect(await backend.setBlobTier(key, 'Archive')).toMatchObject({ archive: { status: 'archived' } });
    const error = await errorOf(backend.retrieve(key));
    expect(error.code).toBe('Archived');
    expect(error.message).toContain('restoreArchived');
    expect(await backend.setBlobTier(key, 'Hot', { rehydratePriority: 'High' })).toMatchObject({ tier: 'Hot' });
    expect(await textOf(key)).toBe('text');
  });

  test('a tier that is none, a priority that is none and a missing file are refused', async () => {
    const key = newKey();
    expect(await errorOf(backend.setBlobTier(key, 'Warm' as 'Hot'))).toMatchObject({ code: 'InvalidArgument' });
    const soon = { rehydratePriority: 'Soon' as 'High' };
    expect(await errorOf(backend.setBlobTier(key, 'Hot', soon))).toMatchObject({ code: 'InvalidArgument' });
    expect(await errorOf(backend.setBlobTier(key, 'Hot'))).toMatchObject({ code: 'NotFound', key });
    expect(await errorOf(backend.setBlobTier('', 'Hot'))).toMatchObject({ code: 'InvalidKey' });
    const archive = { tier: 'Archive', priority: 'High' };
    expect(await errorOf(backend.restoreArchived(key, archive))).toMatchObject({ code: 'InvalidArgument' });
    expect(await errorOf(backend.restoreArchived(key, { priority: 'Expedited' }))).toMatchObject({
      code: 'InvalidArgument',
    });
  });

  test('the tier of the options is that of what is written without one', async () => {
    const cool = make({ tier: 'Cool' });
    const [key, other] = [newKey(), newKey()];
    await cool.save(key, 'text');
    await cool.save(other, 'text', { tier: 'Cold' });
    expect((await cool.getMetadata(key))?.tier).toBe('Cool');
    expect((await cool.getMetadata(other))?.tier).toBe('Cold');
    const request = await cool.signRequest(newKey(), { method: 'PUT' });
    expect(request.headers).toEqual({ 'x-ms-blob-type': 'BlockBlob', 'x-ms-access-tier': 'Cool' });
  });

  test('properties have the names of the service', async () => {
    const key = newKey();
    await backend.save(key, 'text', { metadata: { jobId: '456' }, tier: 'Cool', tags: { a: '1' } });
    const properties = await backend.getBlobProperties(key);
    expect(properties).toMatchObject({
      key,
      size: 4,
      blobTier: 'Cool',
      metadata: { jobId: '456' },
      leaseState: 'available',
      tagCount: 1,
    });
    expect(properties.createdOn).toBeInstanceOf(Date);
    expect(await errorOf(backend.getBlobProperties(newKey()))).toMatchObject({ code: 'NotFound' });
  });

  test('metadata is replaced by the service’s name, and headers, tags and tier stay', async () => {
    const key = newKey();
    const options = { tier: 'Cool', tags: { a: '1' }, contentType: 'text/csv' } as const;
    const { etag } = await backend.save(key, 'text', { ...options, metadata: { jobId: '456', old: 'x' } });
    expect(await errorOf(backend.setBlobMetadata(key, { 'no name': 'y' }))).toMatchObject({ code: 'InvalidArgument' });
    expect(await backend.setBlobMetadata(key, { jobId: '457' })).toMatchObject({
      contentType: 'text/csv',
      tier: 'Cool',
    });
    const now = await backend.getMetadata(key);
    expect(now?.metadata).toEqual({ jobId: '457' });
    expect(now?.etag).not.toBe(etag);
    expect({ ...(await backend.getTags(key)) }).toEqual(options.tags);
    expect(await textOf(key)).toBe('text');
    expect(await errorOf(backend.setBlobMetadata(newKey(), {}))).toMatchObject({ code: 'NotFound' });
  });

  test('a snapshot keeps a file as it was', async () => {
    const key = newKey();
    await backend.save(key, 'old', { metadata: { version: '1' } });
    await backend.save(`${key}.other`, 'other');
    const { snapshot } = await backend.createSnapshot(key);
    await backend.save(key, 'new');
    const second = await backend.createSnapshot(key);
    expect((await backend.getSnapshots(key)).map((each) => each.snapshot)).toEqual([second.snapshot, snapshot]);
    expect(await errorOf(backend.delete(key))).toMatchObject({ code: 'Conflict', providerCode: 'SnapshotsPresent' });
    expect(await backend.restoreSnapshot(key, snapshot)).toMatchObject({ size: 3, metadata: { version: '1' } });
    expect(await textOf(key)).toBe('old');
    for (const each of [snapshot, second.snapshot, snapshot]) await backend.deleteSnapshot(key, each);
    expect(await backend.getSnapshots(key)).toEqual([]);
    await backend.delete(key);
    expect(await backend.exists(key)).toBe(false);
  });

  test('without a snapshot nothing is deleted', async () => {
    const key = newKey();
    await backend.save(key, 'text');
    for (const snapshot of ['', undefined as unknown as string, 'latest']) {
      expect(await errorOf(backend.deleteSnapshot(key, snapshot))).toMatchObject({ code: 'InvalidArgument' });
    }
    expect(await textOf(key)).toBe('text');
    expect(await errorOf(backend.createSnapshot(newKey()))).toMatchObject({ code: 'NotFound' });
  });

  test('a lease keeps everybody but its holder from writing', async () => {
    const key = newKey();
    await backend.save(key, 'old');
    const leaseId = await backend.acquireLease(key, { duration: 30 });
    const refused = await errorOf(backend.save(key, 'intruder'));
    expect(refused).toMatchObject({ code: 'Conflict', retryable: 'no', providerCode: 'LeaseIdMissing' });
    expect(refused.message).toContain('withLease(leaseId)');
    expect(await errorOf(backend.delete(key))).toMatchObject({ code: 'Conflict' });
    expect(await errorOf(backend.acquireLease(key))).toMatchObject({ code: 'Conflict' });

    const holder = backend.withLease(leaseId);
    await holder.save(key, 'by the holder');
    await holder.setTags(key, { a: '1' });
    expect(await textOf(key)).toBe('by the holder');
    await backend.renewLease(key, leaseId);
    await backend.releaseLease(key, leaseId);
    await backend.save(key, 'free');
    expect(await errorOf(backend.releaseLease(key, leaseId))).toMatchObject({ code: 'Conflict' });
  });

  test('a lease ends when it is broken; what is no lease id is refused', async () => {
    const key = newKey();
    await backend.save(key, 'old');
    const leaseId = await backend.acquireLease(key, { duration: 'infinite' });
    await backend.withLease(leaseId).delete(key);
    await backend.save(key, 'new');
    await backend.acquireLease(key);
    await backend.breakLease(key);
    await backend.save(key, 'newer');
    expect(() => backend.withLease('mine')).toThrow(/leaseId must be/);
    expect(await errorOf(backend.renewLease(key, 'mine'))).toMatchObject({ code: 'InvalidArgument' });
    expect(await errorOf(backend.acquireLease(key, { duration: 5 }))).toMatchObject({ code: 'InvalidArgument' });
  });

  test('versions that the options claim and the account does not have are refused, and change nothing', async () => {
    const versioned = make({ versions: true });
    const key = newKey();
    await versioned.save(key, 'text');
    const versionId = '2026-01-01T00:00:00.0000000Z';
    const calls = {
      retrieve: () => versioned.retrieve(key, { versionId }),
      getMetadata: () => versioned.getMetadata(key, { versionId }),
      delete: () => versioned.delete(key, { versionId }),
      getVersions: () => versioned.getVersions(key),
      restoreVersion: () => versioned.restoreVersion(key, versionId),
      undelete: () => versioned.undelete(key),
      getUrl: () => versioned.getUrl(key, { versionId }),
    };
    expect(await versioned.state()).toEqual({ versioning: 'off' });
    for (const [name, call] of Object.entries(calls)) {
      expect([name, (await errorOf(call())).code]).toEqual([name, 'Unsupported']);
    }
    // An instance that has written nothing yet does not know, and finds out by the answers.
    const stranger = make({ versions: true });
    expect(await errorOf(stranger.delete(key, { versionId }))).toMatchObject({ code: 'Unsupported' });
    expect(await errorOf(stranger.retrieve(key, { versionId }))).toMatchObject({ code: 'Unsupported' });
    expect(await errorOf(stranger.restoreVersion(key, versionId))).toMatchObject({ code: 'Unsupported' });
    expect(await errorOf(stranger.getVersions(key))).toMatchObject({ code: 'Unsupported' });
    expect(await textOf(key)).toBe('text');
  });

  test('a reader of the other region reads there, and writes nothing', async () => {
    if ('skipped' in azurite) return;
    const key = newKey();
    await backend.save(key, 'text');
    const reader = make({
      readFromSecondary: true,
      secondaryEndpoint: `${azurite.endpointUrl}-secondary`,
    });
    expect(await textOf(key, reader)).toBe('text');
    expect((await reader.listFiles(key)).map((file) => file.key)).toEqual([key]);
    expect(await errorOf(reader.save(key, 'new'))).toMatchObject({ code: 'Unsupported' });
    expect(await errorOf(reader.delete(key))).toMatchObject({ code: 'Unsupported' });
    expect(await errorOf(reader.createSnapshot(key))).toMatchObject({ code: 'Unsupported' });
    const url = await reader.getUrl(key);
    expect(url).toContain(`${azurite.accountName}-secondary/`);
    expect(await (await fetch(url)).text()).toBe('text');
  });

  test('a shared access signature is a way in, for as much as it permits', async () => {
    const container = await backend.native();
    const { ContainerSASPermissions } = await import('@azure/storage-blob');
    const sasOf = (permissions: string, expiresOn = new Date(Date.now() + 600_000)): Promise<string> =>
      container.generateSasUrl({ permissions: ContainerSASPermissions.parse(permissions), expiresOn });
    const anonymous = (sasUrl: string): AzureBlobBackend => {
      const made = new AzureBlobBackend({ sasUrl, retry: false });
      opened.push(made);
      return made;
    };
    const key = newKey();
    const writer = anonymous(await sasOf('rwdl'));
    await writer.save(key, 'text');
    expect(await textOf(key, writer)).toBe('text');
    expect(writer.capabilities.sign).toBe(false);
    expect(await errorOf(writer.getUrl(key))).toMatchObject({ code: 'Unsupported' });

    const readUrl = await sasOf('rl');
    const refused = await errorOf(anonymous(readUrl).save(key, 'new'));
    expect(refused).toMatchObject({ code: 'PermissionDenied' });
    const expiredUrl = await sasOf('r', new Date(Date.now() - 60_000));
    const expired = await errorOf(anonymous(expiredUrl).retrieve(key));
    expect(expired.message).toMatch(/sasToken|sasUrl/);
    for (const [url, error] of [
      [readUrl, refused],
      [expiredUrl, expired],
    ] as const) {
      const signature = new URL(url).searchParams.get('sig') ?? '';
      const { inspect } = await import('node:util');
      for (const printed of [error.message, error.stack, JSON.stringify(error), inspect(error)]) {
        expect(printed).not.toContain(signature);
        expect(printed).not.toContain(encodeURIComponent(signature));
      }
    }
  });

  test('wrong key and missing container name the setting', async () => {
    const wrongKey = make({ accountKey: Buffer.alloc(64).toString('base64') });
    const denied = await errorOf(wrongKey.retrieve('first'));
    expect(['PermissionDenied', 'Unauthenticated']).toContain(denied.code);
    expect(denied.message).toContain('accountKey');
    const missing = make({ containerName: 'is-not-there', createContainer: false });
    const absent = await errorOf(missing.save('a', 'b'));
    expect(absent).toMatchObject({ code: 'BucketNotFound' });
    expect(absent.message).toContain('createContainer');
    const metadata = { 'no identifier': 'x' };
    expect(await errorOf(backend.save('a', 'b', { metadata }))).toMatchObject({ code: 'InvalidArgument', attempts: 0 });
  });

  test('a missing container is created by the first write, unless it must not be', async () => {
    const own = make({ containerName: `created-${randomUUID()}`.slice(0, 40) });
    await own.save('a', 'text');
    expect(await textOf('a', own)).toBe('text');
  });
});
