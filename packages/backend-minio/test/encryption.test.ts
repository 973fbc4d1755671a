import { expect, test } from 'vitest';
import { errorOf, isSkipped, newBackend } from './bucket.ts';

const large = new Uint8Array(6 * 1024 * 1024);

test.skipIf(isSkipped())(
  'writes of every kind ask for the encryption of the options, and changes keep it',
  async () => {
    await using backend = newBackend({ sse: 'AES256' });
    const encrypted = { algorithm: 'AES256' };
    expect(await backend.save('small', 'text')).toMatchObject({ encryption: encrypted });
    await backend.save('parts', new Blob([large]).stream(), { partSize: 5 * 1024 * 1024 });
    await backend.copy('small', 'copy');
    await backend.copy('small', 'conditional', { ifAbsent: true });
    for (const key of ['small', 'parts', 'copy', 'conditional']) {
      expect(await backend.getMetadata(key), key).toMatchObject({ encryption: encrypted });
    }
    expect(await (await backend.retrieve('parts')).bytes()).toEqual(large);
  },
);

test.skipIf(isSkipped())('nothing is asked for unless the options say so, and what an object has is kept', async () => {
  await using backend = newBackend();
  await backend.save('plain', 'text');
  expect((await backend.getMetadata('plain'))?.encryption).toBeUndefined();
  await backend.save('secret', 'text', { native: { ServerSideEncryption: 'AES256' }, tags: { a: '1' } });
  expect(await backend.updateMetadata('secret', { b: '2' })).toMatchObject({ encryption: { algorithm: 'AES256' } });
  expect(await backend.getMetadata('secret')).toMatchObject({
    encryption: { algorithm: 'AES256' },
    metadata: { b: '2' },
  });
  expect(await backend.getTags('secret')).toEqual({ a: '1' });
});

test.skipIf(isSkipped())('a key of the KMS is used, and one that it does not have is named', async () => {
  await using backend = newBackend({ sse: 'aws:kms' });
  expect(await backend.save('a', 'text')).toMatchObject({ encryption: { algorithm: 'aws:kms' } });
  await using other = newBackend({ sse: 'aws:kms', kmsKeyId: 'no-such-key' });
  const error = await errorOf(other.save('a', 'text'));
  expect(error).toMatchObject({ code: 'InvalidConfig', retryable: 'no' });
  expect(error.message).toContain('set another kmsKeyId');
});
