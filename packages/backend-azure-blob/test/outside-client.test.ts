import { createHash, randomBytes } from 'node:crypto';
import { startPythonClient } from '@storage/conformance-tests/servers';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { AzureBlobBackend } from '../src/index.ts';

const azurite = inject('azurite');
const python = await startPythonClient('azure-storage-blob==12.31.1');

interface Answer {
  readonly listed: Readonly<Record<string, Record<string, string> | null>>;
  readonly seen: Readonly<Record<string, Record<string, unknown>>>;
  readonly fetched: Readonly<Record<string, string>>;
  readonly written: Readonly<Record<string, string>>;
}

const large = randomBytes(11 * 1024 * 1024);
const strange = 'a b+c%41/ü 日本&<>"\'.txt';
const metadata = { jobId: '456', title: 'Für 日本', spaced: ' at both ends ', empty: '', plain: 'x=1; y' };

describe.skipIf('skipped' in azurite || 'skipped' in python)('the Python SDK and we agree', () => {
  const containerName = `outside-${randomBytes(6).toString('hex')}`;
  let backend: AzureBlobBackend;
  let answer: Answer;
  let etags: Record<string, string>;

  beforeAll(async () => {
    if ('skipped' in azurite || 'skipped' in python) return;
    backend = new AzureBlobBackend({ ...azurite, containerName, createContainer: true });
    const one = await backend.save('one.pdf', 'of us', {
      contentType: 'application/pdf; a=b',
      metadata,
      tags: { team: 'a b', kind: 'x+y=z' },
      tier: 'Cool',
      cacheControl: 'max-age=60',
      contentDisposition: 'attachment; filename="a.pdf"',
      contentLanguage: 'de',
    });
    const blob = await backend.save('large.bin', new Blob([large]), { metadata: { jobId: 'large' } });
    await backend.save(strange, 'strange');
    await backend.save('gone', 'x');
    etags = { 'one.pdf': one.etag, 'large.bin': blob.etag };
    answer = (await python.run(new URL('outside-client.py', import.meta.url), {
      ...azurite,
      container: containerName,
      read: ['one.pdf', 'large.bin', strange],
      fetch: [await backend.getUrl(strange)],
      delete: ['gone'],
      write: [
        {
          key: 'theirs/ü 1.txt',
          text: 'of theirs',
          contentType: 'text/csv; charset=utf-8',
          metadata: { jobId: '789', title: '=?UTF-8?B?w7wg5pel5pys?=', odd: 'a=b; c' },
          tags: { team: 'c d', kind: 'x+y' },
          tier: 'Cold',
        },
        {
          key: 'theirs/large',
          text: '0123456789abcdef',
          times: 400_000,
          contentType: 'a/b',
          metadata: { jobid: 'parts' },
        },
      ],
    })) as Answer;
  }, 120_000);

  test('on bytes, headers, metadata, tags and tier of what we wrote', () => {
    expect(answer.seen['one.pdf']).toMatchObject({
      sha256: createHash('sha256').update('of us').digest('hex'),
      md5: createHash('md5').update('of us').digest('hex'),
      size: 5,
      etag: etags['one.pdf'],
      contentType: 'application/pdf; a=b',
      cacheControl: 'max-age=60',
      contentDisposition: 'attachment; filename="a.pdf"',
      contentEncoding: null,
      contentLanguage: 'de',
      tier: 'Cool',
      tags: { team: 'a b', kind: 'x+y=z' },
    });
    const { jobId, ...others } = metadata;
    // In lower case, as on the other services; that it was jobId stands in one entry of ours.
    const expected = { jobid: jobId, ...others, storage_names: 'jobId' };
    expect(answer.seen['one.pdf']?.['metadata']).toEqual(expected);
    expect(Object.keys(answer.listed['one.pdf'] ?? {}).toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  test('on a large object', () => {
    expect(answer.seen['large.bin']).toMatchObject({
      sha256: createHash('sha256').update(large).digest('hex'),
      size: large.byteLength,
      etag: etags['large.bin'],
      contentType: 'application/octet-stream',
      tier: 'Hot',
    });
    expect(answer.seen['large.bin']?.['metadata']).toMatchObject({ jobid: 'large' });
  });

  test('on keys that need encoding, in listings, reads and signed URLs', () => {
    expect(answer.seen[strange]).toMatchObject({ size: 7 });
    expect(Object.keys(answer.listed)).toEqual([strange, 'gone', 'large.bin', 'one.pdf']);
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
    });
    // The answer to a read does not say it.
    expect((await backend.getMetadata('theirs/ü 1.txt'))?.tier).toBe('Cold');
    // The SDK gives names of headers in lower case, and what another tool wrote encoded is read.
    const written = { jobid: '789', title: 'ü 日本', odd: 'a=b; c' };
    expect({ ...file.metadata }).toEqual(written);
    const page = await backend.listPage({ prefix: 'theirs/', include: ['metadata'] });
    expect(page.entries.map(({ key, metadata: listed }) => [key, { ...listed }])).toEqual([
      ['theirs/large', { jobid: 'parts' }],
      ['theirs/ü 1.txt', written],
    ]);
    expect({ ...(await backend.getTags('theirs/ü 1.txt')) }).toEqual({ team: 'c d', kind: 'x+y' });
  });

  test('on its uploads in blocks, and on what it deleted', async () => {
    const file = await backend.retrieve('theirs/large');
    expect(file.etag).toBe(answer.written['theirs/large']);
    expect({ ...file.metadata }).toEqual({ jobid: 'parts' });
    expect((await file.bytes()).byteLength).toBe(6_400_000);
    expect(await backend.exists('gone')).toBe(false);
    await backend.close();
  });
});
