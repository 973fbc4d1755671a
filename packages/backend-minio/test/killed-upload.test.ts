import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { expect, inject, test } from 'vitest';
import { MinioBackend, type MinioOptions } from '../src/index.ts';
import { isSkipped } from './bucket.ts';

const script = new URL('./killed-upload.child.ts', import.meta.url);

/** A process that has sent a part of an upload, and its token. */
async function uploading(options: MinioOptions, key: string): Promise<{ child: ChildProcess; token: string }> {
  const child = fork(script, [JSON.stringify(options), key]);
  const [token] = (await once(child, 'message')) as [string];
  return { child, token };
}

test.skipIf(isSkipped())(
  'what a killed upload leaves is invisible, and removed by its key or by its token',
  async () => {
    const minio = inject('minio');
    if ('skipped' in minio) return;
    const options = { ...minio, bucketName: `killed-${randomBytes(6).toString('hex')}` };
    await using backend = new MinioBackend(options);
    await backend.save('other', 'text');
    const left = async (key: string): Promise<number> => {
      const client = await backend.native();
      const command = new ListMultipartUploadsCommand({ Bucket: options.bucketName, Prefix: key });
      return (await client.send(command)).Uploads?.length ?? 0;
    };

    for (const remove of [
      async () => {
        // Young ones may still be at work.
        expect(await backend.cleanup({ key: 'key', olderThan: '1h' })).toEqual({ removed: 0 });
        expect(await backend.cleanup({ key: 'key', olderThan: 0 })).toEqual({ removed: 1 });
      },
      async (token: string) => (await backend.resumeUpload(token)).abort(),
    ]) {
      const { child, token } = await uploading(options, 'key');
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await backend.exists('key')).toBe(false);
      expect(await left('key')).toBe(1);
      await remove(token);
      expect(await left('key')).toBe(0);
    }
  },
);
