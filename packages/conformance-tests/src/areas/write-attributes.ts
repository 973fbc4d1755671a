import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { BodyInput, Capabilities } from '@storage/core';
import { expectEarly, headOf, sameBytes } from '../assertions.ts';
import { pattern, utf8, webStream } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { headers } from './write-case.ts';

async function resultEqualsHead(context: CaseContext, key: string, body: BodyInput, inParts: boolean): Promise<void> {
  const { backend, capabilities, limits } = context;
  const before = Date.now();
  const options = { ...headers, metadata: { jobId: '7' }, partSize: limits.partSize };
  const saved = await backend.save(key, body, options);
  const info = await headOf(backend, key);
  const { lastModified: savedAt, ...result } = saved;
  const { lastModified, ...head } = info;
  for (const [name, value] of Object.entries(result)) {
    assert.deepEqual(head[name as keyof typeof head], value, `${name} of the result equals the head’s`);
  }
  assert.ok(saved.etag.length > 0 && saved.key === key && saved.size === info.size);
  assert.equal(saved.versionId, info.versionId);
  assert.ok(lastModified instanceof Date && Math.abs(lastModified.getTime() - before) < 300_000, 'a time of today');
  if (capabilities.lastModifiedPrecision === 'second') assert.equal(lastModified.getTime() % 1000, 0);
  if (capabilities.saveReportsLastModified) assert.deepEqual(savedAt, lastModified);
  else assert.equal(savedAt, undefined, 'never by a second request');
  const { storedChecksum } = capabilities;
  if (storedChecksum === false || (inParts && !partsCarryChecksum(capabilities))) {
    assert.equal(info.checksum, undefined);
  } else assert.equal(info.checksum?.algorithm, storedChecksum);
}

function partsCarryChecksum({ multipart }: Capabilities): boolean {
  return multipart === false || multipart.storesChecksum !== false;
}

export const writeAttributes: readonly ConformanceCase[] = [
  {
    number: 47,
    title: 'the content type is as given, else the Blob’s own, else application/octet-stream',
    run: async ({ backend, key }) => {
      const typed = new Blob(['<p>'], { type: 'text/html' });
      const type = async (name: string, body: BodyInput, contentType?: string): Promise<string> => {
        const saved = await backend.save(key(name), body, { contentType });
        const info = await headOf(backend, key(name));
        assert.equal(saved.contentType, info.contentType);
        return info.contentType;
      };
      assert.equal(await type('explicit.txt', 'x', 'application/vnd.x+json; v=2'), 'application/vnd.x+json; v=2');
      assert.equal(await type('over-blob', typed, 'text/plain'), 'text/plain');
      assert.equal(await type('blob', typed), 'text/html');
      assert.equal(await type('page.html', 'never sniffed: <html>'), 'application/octet-stream');
      assert.equal(await type('stream.txt', webStream(utf8('x'))), 'application/octet-stream');
      assert.match(await type('photo.PNG', 'x', 'from-name'), /^image\/png$/);
      assert.equal(await type('no-extension', 'x', 'from-name'), 'application/octet-stream');
    },
  },
  {
    number: 47,
    title: 'an invalid content type or header is InvalidArgument, before any request',
    run: async (context) => {
      const wrong = [
        { contentType: '' },
        { contentType: 'nonsense' },
        { contentType: 'text/plain\r\nx-evil: 1' },
        { contentType: 7 as never },
        { cacheControl: 'a\nb' },
        { contentDisposition: 'filename="ü"' },
        { contentLanguage: '\u0000' },
      ];
      for (const options of wrong) {
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', options));
      }
    },
  },
  {
    number: 48,
    title: 'every content header comes back as it was given, also where nothing else was',
    run: async ({ backend, key }) => {
      await backend.save(key(), 'body', headers);
      const info = await headOf(backend, key());
      const file = await backend.retrieve(key());
      await file.cancel();
      for (const [name, value] of Object.entries(headers)) {
        assert.equal(info[name as keyof typeof headers], value, name);
        assert.equal(file[name as keyof typeof headers], value, `${name} of a read`);
      }
      await backend.save(key('bare'), 'body');
      const bare = await headOf(backend, key('bare'));
      for (const name of ['cacheControl', 'contentDisposition', 'contentEncoding', 'contentLanguage'] as const) {
        assert.equal(bare[name], undefined, `${name} was not given`);
      }
    },
  },
  {
    number: 49,
    title: 'bytes with contentEncoding gzip come back raw, in full and in part',
    run: async ({ backend, key }) => {
      const packed = new Uint8Array(gzipSync(pattern(200_000, 49).fill(7, 100)));
      const saved = await backend.save(key(), packed, { contentEncoding: 'gzip', contentType: 'text/plain' });
      assert.equal(saved.size, packed.byteLength);
      const file = await backend.retrieve(key());
      assert.equal(file.size, packed.byteLength);
      assert.equal(file.contentEncoding, 'gzip');
      sameBytes(await file.bytes(), packed);
      const part = await backend.retrieve(key(), { range: { start: 5, end: 20 } });
      sameBytes(await part.bytes(), packed.subarray(5, 20));
    },
  },
  {
    number: 50,
    title: 'the result of a save equals an immediate head',
    claims: ['saveReportsLastModified', 'lastModifiedPrecision', 'storedChecksum', 'multipart.storesChecksum'],
    run: async (context) => {
      const { limits, key, capabilities } = context;
      await resultEqualsHead(context, key('small'), utf8('result'), false);
      const inParts = !capabilities.singlePut.unknownSize;
      await resultEqualsHead(context, key('stream'), webStream(pattern(2 * limits.partSize + 1)), inParts);
    },
  },
];
