import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { BodyInput } from '@storage/core';
import { absent, expectCode, expectEarly, headOf, holds } from '../assertions.ts';
import { concatenate, iterable, pattern, utf8, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';

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

export const writeBodies: readonly ConformanceCase[] = [
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
