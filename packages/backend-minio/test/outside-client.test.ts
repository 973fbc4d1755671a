import { createHash, randomBytes } from 'node:crypto';
import { startPythonClient } from '@storage/conformance-tests/servers';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { MinioBackend } from '../src/index.ts';

const minio = inject('minio');
const boto3 = await startPythonClient('boto3==1.44.8');

interface Answer {
  readonly listed: readonly string[];
  readonly seen: Readonly<Record<string, Record<string, unknown>>>;
  readonly fetched: Readonly<Record<string, string>>;
  readonly written: Readonly<Record<string, string>>;
}

const large = randomBytes(11 * 1024 * 1024);
const strange = 'a b+c%41/ü 日本&<>"\'.txt';
const metadata = { jobId: '456', title: 'Für 日本', spaced: ' at both ends ', empty: '', plain: 'x=1; y' };

describe.skipIf('skipped' in minio || 'skipped' in boto3)('boto3 and we agree', () => {
  const bucketName = `outside-${randomBytes(6).toString('hex')}`;
  let backend: MinioBackend;
  let answer: Answer;
  let etags: Record<string, string>;

  beforeAll(async () => {
    if ('skipped' in minio || 'skipped' in boto3) return;
    backend = new MinioBackend({ ...minio, bucketName, createBucket: true });
    const one = await backend.save('one.pdf', 'of us', {
      contentType: 'application/pdf; a=b',
      metadata,
      tags: { team: 'a b', kind: 'x+y=z' },
      cacheControl: 'max-age=60',
      contentDisposition: 'attachment; filename="a.pdf"',
      contentLanguage: 'de',
    });
    const parts = await backend.save('large.bin', new Blob([large]).stream(), { metadata: { jobId: 'large' } });
    await backend.save(strange, 'strange');
    await backend.save('gone', 'x');
    etags = { 'one.pdf': one.etag, 'large.bin': parts.etag };
    answer = (await boto3.run(new URL('outside-client.py', import.meta.url), {
      ...minio,
      bucket: bucketName,
      read: ['one.pdf', 'large.bin', strange],
      fetch: [await backend.getUrl(strange)],
      delete: ['gone'],
      write: [
        {
          key: 'theirs/ü 1.txt',
          text: 'of theirs',
          contentType: 'text/csv; charset=utf-8',
          metadata: { jobId: '789', title: '=?UTF-8?B?w7wg5pel5pys?=', odd: 'a=b; c' },
          tagging: 'team=c%20d&kind=x%2By',
          encrypted: true,
        },
        {
          key: 'theirs/large',
          text: '0123456789abcdef',
          times: 400_000,
          parts: true,
          contentType: 'a/b',
          metadata: { jobid: 'parts' },
        },
      ],
    })) as Answer;
  }, 120_000);

  test('on bytes, headers, metadata and tags of what we wrote', () => {
    expect(answer.seen['one.pdf']).toMatchObject({
      sha256: createHash('sha256').update('of us').digest('hex'),
      size: 5,
      etag: etags['one.pdf'],
      contentType: 'application/pdf; a=b',
      cacheControl: 'max-age=60',
      contentDisposition: 'attachment; filename="a.pdf"',
      contentEncoding: null,
      contentLanguage: 'de',
      tags: { team: 'a b', kind: 'x+y=z' },
    });
    const { jobId, ...others } = metadata;
    // In lower case, as S3 has it; that it was jobId stands in one entry of ours.
    expect(answer.seen['one.pdf']?.['metadata']).toEqual({ jobid: jobId, ...others, 'storage-names': 'jobId' });
  });

  test('on an upload in parts, whose checksum boto3 verifies', () => {
    expect(answer.seen['large.bin']).toMatchObject({
      sha256: createHash('sha256').update(large).digest('hex'),
      size: large.byteLength,
      etag: etags['large.bin'],
      contentType: 'application/octet-stream',
    });
    expect(answer.seen['large.bin']?.['metadata']).toMatchObject({ jobid: 'large' });
  });

  test('on keys that need encoding, in listings, reads and signed URLs', () => {
    expect(answer.seen[strange]).toMatchObject({ size: 7 });
    expect(answer.listed).toEqual([strange, 'gone', 'large.bin', 'one.pdf']);
    expect(Object.values(answer.fetched)).toEqual(['strange']);
  });

  test('on what it wrote', async () => {
    const file = await backend.retrieve('theirs/ü 1.txt');
    expect(await file.text()).toBe('of theirs');
    expect(file).toMatchObject({
      size: 9,
      etag: answer.written['theirs/ü 1.txt'],
      contentType: 'text/csv; charset=utf-8',
      cacheControl: 'max-age=7',
      encryption: { algorithm: 'AES256' },
    });
    // A name that another tool wrote has the case that S3 gives it, and what it wrote encoded is read.
    expect({ ...file.metadata }).toEqual({ jobid: '789', title: 'ü 日本', odd: 'a=b; c' });
    expect({ ...(await backend.getTags('theirs/ü 1.txt')) }).toEqual({ team: 'c d', kind: 'x+y' });
  });

  test('on its uploads in parts, and on what it deleted', async () => {
    const file = await backend.retrieve('theirs/large');
    expect(file.etag).toBe(answer.written['theirs/large']);
    expect({ ...file.metadata }).toEqual({ jobid: 'parts' });
    expect((await file.bytes()).byteLength).toBe(6_400_000);
    expect(await backend.exists('gone')).toBe(false);
    const keys = (await backend.listFiles('theirs/')).map((entry) => entry.key);
    expect(keys).toEqual(['theirs/large', 'theirs/ü 1.txt']);
    await backend.close();
  });
});
