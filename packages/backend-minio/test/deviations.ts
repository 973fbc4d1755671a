import assert from 'node:assert/strict';
import type { CaseContext, Deviations } from '@storage/conformance-tests';
import type { FileInfo, StorageBackend } from '@storage/core';
import { isStorageError } from '@storage/core';

const noSymlinks = { reason: 'A bucket has no symbolic links.' };

/** What no MinIO server can show. */
export const deviations: Deviations = {
  135: noSymlinks,
  143: {
    title: 'makes a new object and leaves an existing one',
    reason: 'UploadPartCopy of MinIO computes no checksum, so an object that was copied under a condition has none.',
    link: 'https://github.com/minio/minio/blob/RELEASE.2025-09-07T16-13-09Z/cmd/object-multipart-handlers.go',
    shows: copiedWithoutChecksum,
  },
  254: noSymlinks,
};

async function copiedWithoutChecksum({ backend, key }: CaseContext): Promise<void> {
  const attributes = { contentType: 'text/x-own', cacheControl: 'no-store', metadata: { jobId: '456', title: 'Für' } };
  await backend.save(key('source'), 'text', { ...attributes, tags: { colour: 'blue' } });
  await backend.copy(key('source'), key('copy'), { ifAbsent: true });

  const [source, copy] = await Promise.all([backend.getMetadata(key('source')), backend.getMetadata(key('copy'))]);
  assert.equal(copy?.checksum, undefined, 'the gap has closed: remove the deviation');
  assert.deepEqual(described(copy), described(source));
  assert.equal(await (await backend.retrieve(key('copy'))).text(), 'text');
  assert.deepEqual(await backend.getTags(key('copy')), { colour: 'blue' });

  await backend.save(key('source'), 'other');
  await assert.rejects(
    backend.copy(key('source'), key('copy'), { ifAbsent: true }),
    (error) => isStorageError(error) && error.code === 'AlreadyExists',
  );
  assert.deepEqual(await backend.getMetadata(key('copy')), copy);
}

/** What is said of the bytes, without what is of the object alone. */
function described(info: FileInfo | undefined): Partial<FileInfo> {
  const { key: _, etag: __, lastModified: ___, checksum: ____, versionId: _____, ...rest } = info ?? {};
  return rest;
}

/** What none can show of a bucket with versions: a deletion is a version, and stays in the folder of its key. */
export const versionedDeviations: Deviations = {
  ...deviations,
  35: {
    reason: 'What a key hides from listings stays hidden until its versions are gone too.',
    link: 'https://github.com/minio/minio/issues/20167',
    shows: (context) => hiddenUntilVersionsAreGone(context, ['a', 'a/b']),
  },
  36: {
    reason: 'What a key hides from listings stays hidden until its versions are gone too.',
    link: 'https://github.com/minio/minio/issues/20167',
    shows: (context) => hiddenUntilVersionsAreGone(context, ['a/b', 'a']),
  },
  111: {
    reason: 'A common prefix stays as long as there are versions below it, deletions included.',
    link: 'https://github.com/minio/minio/issues/17810',
    shows: ghostUntilVersionsAreGone,
  },
};

async function hiddenUntilVersionsAreGone({ backend, key, prefix }: CaseContext, order: string[]): Promise<void> {
  for (const name of order) await backend.save(key(name), name);
  assert.deepEqual(await keysOf(backend, prefix), [key('a')]);
  await backend.delete(key('a'));
  assert.deepEqual(await keysOf(backend, prefix), []);
  assert.equal(await (await backend.retrieve(key('a/b'))).text(), 'a/b');
  await removeVersions(backend, key('a'));
  assert.deepEqual(await keysOf(backend, prefix), [key('a/b')]);
}

async function ghostUntilVersionsAreGone({ backend, key, prefix }: CaseContext): Promise<void> {
  const prefixes = async (): Promise<readonly string[]> =>
    (await backend.listPage({ prefix, delimiter: '/' })).prefixes;
  await backend.save(key('folder/file'), 'text');
  assert.deepEqual(await prefixes(), [key('folder/')]);
  await backend.delete(key('folder/file'));
  assert.deepEqual(await keysOf(backend, prefix), []);
  assert.deepEqual(await prefixes(), [key('folder/')]);
  await removeVersions(backend, key('folder/file'));
  assert.deepEqual(await prefixes(), []);
}

async function keysOf(backend: StorageBackend, prefix: string): Promise<string[]> {
  return (await backend.listFiles(prefix)).map((entry) => entry.key);
}

async function removeVersions(backend: StorageBackend, key: string): Promise<void> {
  for (const { versionId } of await backend.getVersions(key)) await backend.delete(key, { versionId });
}
