import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { BodyInput } from '@storage/core';
import { absent, expectCode, expectEarly, headOf, holds, read, sameBytes, unchanged } from '../assertions.ts';
import { concatenate, hangingBody, iterable, pattern, utf8, webStream } from '../bodies.ts';
import { defineArea } from '../case.ts';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { checksumOf, wrongChecksumOf } from '../checksums.ts';
import { writeFailures } from './write-failures.ts';
import { writeSizes } from './write-sizes.ts';

const headers = {
  contentType: 'text/html; charset=utf-8',
  cacheControl: 'public, max-age=60, immutable',
  contentDisposition: `attachment; filename="a b.txt"; filename*=UTF-8''%e2%82%ac.txt`,
  contentEncoding: 'br',
  contentLanguage: 'de-AT, en',
};

/** Every kind of body, each with the same bytes. */
function everyBody(bytes: Uint8Array): Record<string, () => BodyInput> {
  const { buffer } = Uint8Array.from(bytes);
  return {
    Uint8Array: () => bytes,
    Buffer: () => Buffer.from(bytes),
    ArrayBuffer: () => buffer,
    DataView: () => new DataView(buffer),
    Uint16Array: () => new Uint16Array(buffer),
    Blob: () => new Blob([buffer]),
    File: () => new File([new Blob([buffer])], 'name.bin'),
    'web stream': () => webStream(bytes, 1000),
    'Node stream': () => Readable.from(iterable(bytes, 1000), { objectMode: false }),
    iterable: () => [bytes.subarray(0, 10), bytes.subarray(10)],
    'async iterable': () => iterable(bytes, 777),
    'function of bytes': () => () => bytes,
    'function of a stream': () => () => webStream(bytes, 999),
    'async function': () => async () => iterable(bytes),
    Response: () => new Response(buffer),
  };
}

/** Bodies of nothing. */
const emptyStreams: Record<string, () => BodyInput> = {
  'web stream': () => webStream(new Uint8Array()),
  'Node stream': () => Readable.from([]),
  iterable: () => [],
  'async iterable': () => iterable(new Uint8Array()),
  'empty chunks': () => [new Uint8Array(), new Uint8Array()],
  Blob: () => new Blob([]),
  'Response without a body': () => new Response(null),
  function: () => () => webStream(new Uint8Array()),
};

const bodyCases: readonly ConformanceCase[] = [
  {
    number: 39,
    title: 'bytes of every kind of body come back equal',
    run: async ({ backend, key }) => {
      const bytes = pattern(4096);
      for (const [kind, body] of Object.entries(everyBody(bytes))) {
        const saved = await backend.save(key(kind), body());
        assert.equal(saved.size, bytes.byteLength, kind);
        await holds(backend, key(kind), bytes);
      }
    },
  },
  {
    number: 39,
    title: 'text is stored as UTF-8, without a byte order mark of our own',
    run: async ({ backend, key }) => {
      const text = '\ufeffgrüße, 日本 🙀\r\n\u0000';
      const saved = await backend.save(key(), text);
      assert.equal(saved.size, utf8(text).byteLength);
      await holds(backend, key(), utf8(text));
      await backend.save(key('chunks'), ['grü', new Uint8Array([0xc3]), new Uint8Array([0x9f]), 'e']);
      await holds(backend, key('chunks'), utf8('grüße'));
    },
  },
  {
    number: 39,
    title: 'what is no body is InvalidArgument, before any request',
    run: async (context) => {
      for (const wrong of [undefined, null, 7, true, {}, Symbol('x'), new Date()]) {
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), wrong as never));
      }
      await expectCode(context.backend.save(context.key(), [7] as never), 'InvalidArgument');
      await absent(context.backend, context.key());
    },
  },
  {
    number: 40,
    title: 'empty bytes are an object of size 0',
    run: async ({ backend, key, prefix }) => {
      for (const [name, body] of [
        ['bytes', new Uint8Array()],
        ['text', ''],
      ] as const) {
        const saved = await backend.save(key(name), body, { metadata: { kept: 'yes' } });
        assert.equal(saved.size, 0);
        const file = await backend.retrieve(key(name));
        assert.equal(file.size, 0);
        assert.equal(file.metadata['kept'], 'yes');
        assert.equal((await file.bytes()).byteLength, 0);
      }
      assert.deepEqual(
        (await backend.listFiles(prefix)).map((entry) => entry.size),
        [0, 0],
      );
    },
  },
  {
    number: 41,
    title: 'empty streams are an object of size 0',
    run: async ({ backend, key }) => {
      for (const [kind, body] of Object.entries(emptyStreams)) {
        const saved = await backend.save(key(kind), body());
        assert.equal(saved.size, 0, kind);
        await holds(backend, key(kind), new Uint8Array());
      }
      await backend.save(key('declared'), webStream(new Uint8Array()), { size: 0 });
      assert.equal((await headOf(backend, key('declared'))).size, 0);
    },
  },
  {
    number: 42,
    title: 'streams of known and of unknown size are stored whole',
    run: async ({ backend, key, limits }) => {
      const bytes = pattern(limits.partSize + 4321, 42);
      const { partSize } = limits;
      await backend.save(key('known'), webStream(bytes), { size: bytes.byteLength, partSize });
      await backend.save(key('unknown'), webStream(bytes), { partSize });
      await backend.save(key('function'), () => iterable(bytes), { size: bytes.byteLength, partSize });
      for (const name of ['known', 'unknown', 'function']) {
        assert.equal((await headOf(backend, key(name))).size, bytes.byteLength, name);
        await holds(backend, key(name), bytes);
      }
    },
  },
  {
    number: 45,
    title: 'chunks of any size, empty ones among them, make the same object',
    run: async ({ backend, key }) => {
      const bytes = pattern(50_000, 45);
      const sizes = [1, 0, 0, 4095, 2, 0, 16_384, 1, 20_000, 0];
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (const size of sizes) {
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      chunks.push(bytes.subarray(at), new Uint8Array());
      await backend.save(key('list'), chunks);
      await backend.save(key('stream'), Readable.from(chunks.filter((chunk) => chunk.byteLength > 0)));
      await backend.save(key('single'), iterable(bytes.subarray(0, 3000), 1));
      await holds(backend, key('list'), bytes);
      await holds(backend, key('stream'), bytes);
      await holds(backend, key('single'), bytes.subarray(0, 3000));
    },
  },
  {
    number: 46,
    title: 'views into larger buffers store only what they show',
    run: async ({ backend, key }) => {
      const whole = pattern(10_000, 46);
      const views = [
        whole.subarray(9000, 9100),
        whole.subarray(3, 4000),
        whole.subarray(7777, 7777),
        whole.subarray(1, 2),
      ];
      await backend.save(key('view'), whole.subarray(17, 4711));
      await backend.save(key('data-view'), new DataView(whole.buffer, 100, 900));
      await backend.save(key('pooled'), Buffer.from('pooled buffers share memory'));
      await backend.save(key('views'), views);
      await holds(backend, key('view'), whole.subarray(17, 4711));
      await holds(backend, key('data-view'), whole.subarray(100, 1000));
      await holds(backend, key('pooled'), utf8('pooled buffers share memory'));
      await holds(backend, key('views'), concatenate(views));
    },
  },
];

const attributeCases: readonly ConformanceCase[] = [
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
    claims: ['saveReportsLastModified', 'lastModifiedPrecision', 'storedChecksum'],
    run: async (context) => {
      const { limits, key } = context;
      await resultEqualsHead(context, key('small'), utf8('result'));
      await resultEqualsHead(context, key('stream'), webStream(pattern(2 * limits.partSize + 1)));
    },
  },
  {
    number: 51,
    title: 'a right checksum of any algorithm is accepted, in hexadecimal and in base64',
    run: async ({ backend, key }) => {
      const bytes = pattern(3000, 51);
      for (const algorithm of ['crc32', 'crc64nvme', 'md5', 'sha1', 'sha256'] as const) {
        const checksum = checksumOf(algorithm, bytes);
        await backend.save(key(algorithm), bytes, { checksum });
        await holds(backend, key(algorithm), bytes);
        const base64 = { algorithm, value: Buffer.from(checksum.value, 'hex').toString('base64') };
        await backend.save(key(algorithm), webStream(bytes), { checksum: base64 });
        await holds(backend, key(algorithm), bytes);
      }
    },
  },
  {
    number: 51,
    title: 'a wrong checksum rejects ChecksumMismatch and nothing is stored',
    run: async ({ backend, key, limits }) => {
      const small = pattern(3000, 51);
      const large = pattern(limits.partSize + 100, 51);
      const { partSize } = limits;
      for (const algorithm of ['crc32', 'crc64nvme', 'md5', 'sha1', 'sha256'] as const) {
        const checksum = wrongChecksumOf(algorithm, small);
        await expectCode(backend.save(key(), small, { checksum }), 'ChecksumMismatch');
        await expectCode(backend.save(key(), webStream(small), { checksum }), 'ChecksumMismatch');
      }
      const checksum = wrongChecksumOf('sha256', large);
      await expectCode(backend.save(key(), webStream(large), { checksum, partSize }), 'ChecksumMismatch');
      await absent(backend, key());
    },
  },
  {
    number: 51,
    title: 'a checksum that is none is InvalidArgument, before any request',
    run: async (context) => {
      const wrong = [
        { algorithm: 'md5', value: 'zz' },
        { algorithm: 'sha256', value: 'abcd' },
        { algorithm: 'rot13', value: 'abcd' },
        'd41d8cd98f00b204e9800998ecf8427e',
      ];
      for (const checksum of wrong) {
        const options = { checksum: checksum as never };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', options));
      }
    },
  },
  {
    number: 52,
    title: 'a wrong checksum over an existing key leaves the old object as it was',
    run: async ({ backend, key, limits }) => {
      const bytes = pattern(limits.partSize + 77, 52);
      const checksum = wrongChecksumOf('md5', bytes);
      await backend.save(key(), 'old', { metadata: { version: 'old' }, contentType: 'text/plain' });
      for (const body of [bytes, webStream(bytes)]) {
        const save = (): Promise<unknown> => backend.save(key(), body, { checksum, partSize: limits.partSize });
        await unchanged(backend, key(), () => expectCode(save, 'ChecksumMismatch'));
      }
    },
  },
];

const overwriteCases: readonly ConformanceCase[] = [
  {
    number: 43,
    title: 'an overwrite replaces content, headers and metadata together',
    run: async ({ backend, key }) => {
      await backend.save(key(), 'old', { ...headers, metadata: { old: '1', both: 'old' } });
      await backend.save(key(), 'newer', { contentType: 'text/plain', metadata: { both: 'new', added: '2' } });
      const info = await headOf(backend, key());
      assert.deepEqual({ ...info.metadata }, { both: 'new', added: '2' });
      assert.equal(info.contentType, 'text/plain');
      assert.equal(info.size, 5);
      for (const name of ['cacheControl', 'contentDisposition', 'contentEncoding', 'contentLanguage'] as const) {
        assert.equal(info[name], undefined, `${name} of the old object is gone`);
      }
      await holds(backend, key(), utf8('newer'));
      await backend.save(key(), 'bare');
      assert.deepEqual({ ...(await headOf(backend, key())).metadata }, {});
    },
  },
  {
    number: 44,
    title: 'an overwrite with shorter content leaves no tail',
    run: async ({ backend, key, limits }) => {
      for (const size of [2 * limits.partSize + 5, 5000, 10, 0]) {
        const bytes = pattern(size, size);
        await backend.save(key(), webStream(bytes), { partSize: limits.partSize });
        assert.equal((await headOf(backend, key())).size, size);
        await holds(backend, key(), bytes);
      }
    },
  },
  {
    number: 53,
    title: 'the old object is readable until the new one commits',
    run: async ({ backend, key, prefix, limits }) => {
      const old = utf8('old');
      await backend.save(key(), old, { metadata: { version: 'old' } });
      const bytes = pattern(limits.partSize * 2 + 10, 53);
      for (const body of [bytes.subarray(0, 1000), bytes]) {
        const source = hangingBody(body);
        const saving = backend.save(key(), source.body, { partSize: limits.partSize, metadata: { version: 'new' } });
        await source.reached;
        await holds(backend, key(), old);
        assert.equal((await headOf(backend, key())).metadata['version'], 'old');
        assert.deepEqual(
          (await backend.listFiles(prefix)).map((entry) => entry.size),
          [old.byteLength],
        );
        source.release();
        await saving;
        await holds(backend, key(), body);
        assert.equal((await headOf(backend, key())).metadata['version'], 'new');
        await backend.save(key(), old, { metadata: { version: 'old' } });
      }
    },
  },
  {
    number: 66,
    title: 'changing the input buffer after save, or what a read returned, does not change the object',
    run: async ({ backend, key }) => {
      const bytes = pattern(5000, 66);
      const expected = Uint8Array.from(bytes);
      await backend.save(key(), bytes);
      bytes.fill(0);
      await holds(backend, key(), expected);
      (await read(backend, key())).fill(1);
      const file = await backend.retrieve(key());
      for await (const chunk of file) chunk.fill(2);
      await holds(backend, key(), expected);
    },
  },
  {
    number: 66,
    title: 'metadata changed after save, or after a head, does not change the object',
    run: async ({ backend, key }) => {
      const metadata: Record<string, string> = { a: '1' };
      await backend.save(key(), 'x', { metadata });
      metadata['a'] = '2';
      const info = await headOf(backend, key());
      assert.equal(info.metadata['a'], '1');
      Reflect.set(info.metadata, 'a', '3');
      assert.equal((await headOf(backend, key())).metadata['a'], '1');
    },
  },
  {
    number: 67,
    title: 'a key in the form of a folder is refused, with and without a body',
    run: async (context) => {
      for (const body of ['', 'x', new Uint8Array()]) {
        await expectEarly(context, 'InvalidKey', (backend) => backend.save(context.key('folder/'), body));
        await expectEarly(context, 'InvalidKey', (backend) => backend.save(context.prefix, body));
      }
      assert.deepEqual(await context.backend.listFiles(context.prefix), []);
    },
  },
];

async function resultEqualsHead(context: CaseContext, key: string, body: BodyInput): Promise<void> {
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
  if (storedChecksum === false) assert.equal(info.checksum, undefined);
  else assert.equal(info.checksum?.algorithm, storedChecksum);
}

export const write: Area = defineArea({
  name: 'write',
  title: 'C. Write',
  cases: [...bodyCases, ...attributeCases, ...overwriteCases, ...writeFailures, ...writeSizes].toSorted(
    (a, b) => a.number - b.number,
  ),
});
