import assert from 'node:assert/strict';
import type { RetrievedFile } from '@storage/core';
import { expectCode, expectEarly, sameBytes } from '../assertions.ts';
import { concatenate, pattern, utf8 } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { during } from '../parallel.ts';

/** Every way to consume a body whole. */
const consumers: Record<string, (file: RetrievedFile) => Promise<Uint8Array>> = {
  bytes: (file) => file.bytes(),
  arrayBuffer: async (file) => new Uint8Array(await file.arrayBuffer()),
  text: async (file) => utf8(await file.text()),
  blob: async (file) => new Uint8Array(await (await file.blob()).arrayBuffer()),
  stream: async (file) => chunksOfFile(file.stream()),
  nodeStream: (file) => chunksOfFile(file.nodeStream() as AsyncIterable<Uint8Array>),
  iteration: (file) => chunksOfFile(file),
  toResponse: async (file) => new Uint8Array(await file.toResponse().arrayBuffer()),
};

async function chunksOfFile(file: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file) chunks.push(chunk);
  return concatenate(chunks);
}

export const readBodies: readonly ConformanceCase[] = [
  {
    number: 68,
    title: 'a full read gives every byte, by every way to consume it',
    run: async ({ backend, key }) => {
      for (const text of ['short', 'long ü 🙀 '.repeat(20_000)]) {
        const bytes = utf8(text);
        await backend.save(key(), bytes);
        for (const [name, consume] of Object.entries(consumers)) {
          const file = await backend.retrieve(key());
          assert.equal(file.bodyUsed, false);
          sameBytes(await consume(file), bytes, name);
          assert.equal(file.bodyUsed, true);
        }
      }
      await backend.save(key('json'), '{"a":[1,"ü"]}');
      assert.deepEqual(await (await backend.retrieve(key('json'))).json(), { a: [1, 'ü'] });
    },
  },
  {
    number: 68,
    title: 'a missing key is NotFound, and the error names the key',
    run: async ({ backend, key }) => {
      for (const name of ['missing', 'no/such/folder/file']) {
        const error = await expectCode(backend.retrieve(key(name)), 'NotFound');
        assert.equal(error.key, key(name));
        assert.ok(error.message.includes(key(name)), error.message);
        assert.equal(error.operation, 'retrieve');
        assert.equal(error.retryable, 'no');
        assert.equal(await backend.getMetadata(key(name)), undefined);
      }
    },
  },
  {
    number: 79,
    title: 'a consumer that pulls one byte at a time gets the same bytes',
    run: async ({ backend, key }) => {
      const bytes = pattern(100_000, 79);
      await backend.save(key(), bytes);
      const stream = (await backend.retrieve(key())).nodeStream();
      const read: number[] = [];
      for (;;) {
        const byte = stream.read(1) as Uint8Array | null;
        if (byte !== null) read.push(byte[0] ?? -1);
        else if (stream.readableEnded || stream.destroyed) break;
        else await new Promise((resolve) => stream.once('readable', resolve).once('end', resolve));
      }
      sameBytes(Uint8Array.from(read), bytes);
    },
  },
  {
    number: 82,
    title: 'a body is read once: a second read is refused, the first one is not disturbed',
    run: async ({ backend, key }) => {
      for (const size of [100, 300_000]) {
        const bytes = pattern(size, 82);
        await backend.save(key(), bytes);
        const file = await backend.retrieve(key());
        const first = await during(file.bytes(), async () => {
          await expectCode(() => file.bytes(), 'InvalidArgument');
          await expectCode(() => file.text(), 'InvalidArgument');
          await expectCode(() => chunksOfFile(file), 'InvalidArgument');
        });
        sameBytes(first, bytes);
        await expectCode(() => file.arrayBuffer(), 'InvalidArgument');
        const cancelled = await backend.retrieve(key());
        await cancelled.cancel();
        await expectCode(() => cancelled.bytes(), 'InvalidArgument', 'Aborted');
        await cancelled.cancel();
      }
    },
  },
  {
    number: 82,
    title: 'two reads of one key at once are independent',
    run: async ({ backend, key }) => {
      const bytes = pattern(500_000, 82);
      await backend.save(key(), bytes);
      const files = await Promise.all([1, 2, 3, 4].map(() => backend.retrieve(key())));
      const bodies = await Promise.all(files.map((file) => file.bytes()));
      for (const body of bodies) sameBytes(body, bytes);
    },
  },
  {
    number: 82,
    title: 'an unknown option is InvalidArgument, before any request',
    run: async (context) => {
      const wrong = { rnage: { start: 1 } } as never;
      await expectEarly(context, 'InvalidArgument', (backend) => backend.retrieve(context.key(), wrong));
      await expectEarly(context, 'InvalidArgument', (backend) => backend.getMetadata(context.key(), wrong));
    },
  },
];
