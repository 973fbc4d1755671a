import { expect, test } from 'vitest';
import { errorOf, isSkipped, newBackend } from './bucket.ts';

test.skipIf(isSkipped())('versioning is off until it is switched on, and then it can be suspended', async () => {
  await using backend = newBackend();
  await backend.save('a', 'one');
  expect(await backend.getVersioning()).toBe('off');
  expect(await backend.state()).toEqual({ versioning: 'off' });
  const refused = await errorOf(backend.getVersions('a'));
  expect(refused).toMatchObject({ code: 'Unsupported' });
  expect(refused.message).toContain('enableVersioning()');

  await backend.enableVersioning();
  expect(await backend.getVersioning()).toBe('on');
  const { versionId } = await backend.save('a', 'two');
  const versions = await backend.getVersions('a');
  // What was there before has the id that S3 gives to it.
  expect(versions.map((version) => version.versionId)).toEqual([versionId, 'null']);
  await backend.restoreVersion('a', 'null');
  expect(await (await backend.retrieve('a')).text()).toBe('one');

  await backend.suspendVersioning();
  expect(await backend.getVersioning()).toBe('suspended');
  expect(await backend.getVersions('a')).toHaveLength(3);
});

test.skipIf(isSkipped())('a bucket is created for its settings too', async () => {
  await using backend = newBackend();
  await backend.enableVersioning();
  expect(await backend.getVersioning()).toBe('on');
});

test.skipIf(isSkipped())('many creators of one bucket all succeed', async () => {
  const bucketName = `race-${Date.now().toString(36)}`;
  const backends = Array.from({ length: 16 }, () => newBackend({ bucketName }));
  await Promise.all(backends.map((backend, index) => backend.save(`key-${String(index)}`, 'text')));
  expect(await backends[0]?.listFiles()).toHaveLength(16);
  await Promise.all(backends.map((backend) => backend.close()));
});
