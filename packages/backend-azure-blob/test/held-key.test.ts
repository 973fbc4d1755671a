import { expect, test } from 'vitest';
import { classify } from '../src/errors.ts';
import { heldKey } from '../src/held-key.ts';
import { errorOf, scripted } from './scripted/setup.ts';

test.each(['a', 'a.b', '.a', '..a/.b', 'a /b', 'a.b/c.d', 'a. ', 'a/'])('%j is a name of its own', (key) => {
  expect(heldKey(key)).toBe(key);
});

test.each(['a.', 'a./b', 'a../b', '...', 'a/...', 'a\\b', 'a./'])('%j is a name of another blob', (key) => {
  let error: unknown;
  try {
    heldKey(key);
  } catch (reason) {
    error = reason;
  }
  expect(classify(error)).toMatchObject({ code: 'InvalidKey', retryable: 'no' });
});

test('what the service would store under another name is refused before any request, for every method', async () => {
  const { backend, service } = await scripted(() => ({ status: 200 }));
  const key = 'ACME Inc./report.pdf';
  const calls = {
    save: () => backend.save(key, 'x'),
    createUpload: () => backend.createUpload(key),
    retrieve: () => backend.retrieve(key),
    exists: () => backend.exists(key),
    getMetadata: () => backend.getMetadata(key),
    delete: () => backend.delete(key),
    copy: () => backend.copy(key, 'a'),
    getUrl: () => backend.getUrl(key),
    getTags: () => backend.getTags(key),
    setBlobTier: () => backend.setBlobTier(key, 'Cool'),
    createSnapshot: () => backend.createSnapshot(key),
    acquireLease: () => backend.acquireLease(key),
  };
  for (const [name, call] of Object.entries(calls)) {
    const error = await errorOf(call());
    expect([name, error.code]).toEqual([name, 'InvalidKey']);
    expect(error.message).toContain('drops a "." at the end of a segment');
  }
  expect(await backend.deleteMany([key])).toMatchObject([{ key, ok: false, error: { code: 'InvalidKey' } }]);
  expect(service.requests).toEqual([]);
});
