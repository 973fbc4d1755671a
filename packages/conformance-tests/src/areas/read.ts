import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { RetrievedFile, StorageBackend } from '@storage/core';
import { DriverFault } from '@storage/core/driver';
import { absent, eventually, expectCode, expectEarly, headOf, holds, rejectionOf, sameBytes } from '../assertions.ts';
import { concatenate, pattern, utf8 } from '../bodies.ts';
import { count, defineArea } from '../case.ts';
import type { Area, ConformanceCase } from '../case.ts';
import { readFaults } from './read-faults.ts';

/** Larger than what a read has buffered already when it resolves, and than what sockets hold. */
const large = 8 * 1024 * 1024;

/** Fields of a read that a head has too. */
function infoOf(file: RetrievedFile): Record<string, unknown> {
  const names = ['key', 'size', 'etag', 'lastModified', 'contentType', 'versionId', 'tier', 'checksum'] as const;
  const headers = ['cacheControl', 'contentDisposition', 'contentEncoding', 'contentLanguage', 'encryption'] as const;
  return {
    metadata: { ...file.metadata },
    ...Object.fromEntries(
      [...names, ...headers].filter((name) => file[name] !== undefined).map((name) => [name, file[name]]),
    ),
  };
}

async function chunksOfFile(file: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file) chunks.push(chunk);
  return concatenate(chunks);
}

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

/** Reads until the first chunk, then stops in one of the ways there are. */
async function stopEarly(backend: StorageBackend, key: string, how: number): Promise<void> {
  const file = await backend.retrieve(key);
  if (how === 0) return file.cancel();
  if (how === 1) {
    for await (const chunk of file) {
      assert.ok(chunk.byteLength > 0);
      break;
    }
    return;
  }
  if (how === 2) {
    const reader = file.stream().getReader();
    await reader.read();
    return reader.cancel();
  }
  if (how === 3) {
    const stream = file.nodeStream();
    stream.destroy();
    return;
  }
  await using disposed = file;
  assert.equal(disposed.key, key);
}

/** Files and sockets that this process holds, where the system tells. */
function openHandles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return process.getActiveResourcesInfo().length;
  }
}

/** Keys of other spellings that a careless service would clean into this one. */
function uncleaned(key: string): readonly string[] {
  const at = key.lastIndexOf('/');
  const [folder, name] = [key.slice(0, at), key.slice(at + 1)];
  return [
    `${folder}//${name}`,
    `${folder}/./${name}`,
    `./${key}`,
    `/${key}`,
    `${key}/`,
    `${folder}/x/../${name}`,
    `${folder}\\${name}`,
    `${folder}/${name} `,
    ` ${key}`,
    `${key}.`,
    `${key}%20`,
    `${folder}/${name.toUpperCase()}`,
  ];
}

const readCases: readonly ConformanceCase[] = [
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
    number: 69,
    title: 'a folder of other keys is no object',
    run: async ({ backend, key }) => {
      await backend.save(key('folder/inner/file'), 'x');
      for (const folder of ['folder', 'folder/inner']) await absent(backend, key(folder));
      for (const folder of ['folder/', 'folder/inner/']) {
        const error = await rejectionOf(backend.retrieve(key(folder)));
        await expectCode(Promise.reject(error as Error), 'NotFound', 'InvalidKey');
      }
    },
  },
  {
    number: 69,
    title: 'a key under an object is no object',
    run: async ({ backend, key }) => {
      await backend.save(key('file'), 'x');
      await absent(backend, key('file/inner'));
      await absent(backend, key('file/inner/deeper'));
    },
  },
  {
    number: 70,
    title: 'a head has size, time and an etag in HTTP’s syntax',
    run: async ({ backend, key }) => {
      await backend.save(key(), pattern(12_345));
      const info = await headOf(backend, key());
      assert.equal(info.key, key());
      assert.equal(info.size, 12_345);
      assert.match(info.etag, /^(?:W\/)?"[^"]+"$/);
      assert.ok(info.lastModified.getTime() > Date.UTC(2020, 0), String(info.lastModified));
      assert.deepEqual({ ...info.metadata }, {});
      assert.ok(!('token' in info), 'nothing hidden is shown');
    },
  },
  {
    number: 71,
    title: 'lastModified does not go back when an object is overwritten, and the etag changes',
    run: async ({ backend, key }) => {
      let [last, etag] = [0, ''];
      for (let round = 0; round < 5; round += 1) {
        await backend.save(key(), `round ${round}`);
        const info = await headOf(backend, key());
        assert.ok(info.lastModified.getTime() >= last, 'time does not go back');
        assert.notEqual(info.etag, etag);
        [last, etag] = [info.lastModified.getTime(), info.etag];
      }
    },
  },
  {
    number: 72,
    title: 'a read has the info with it: one request, small or large, missing or not',
    run: async ({ key, makeFaulty }) => {
      const { backend, faults } = await makeFaulty();
      for (const size of [10, 300_000]) {
        await backend.save(key(), pattern(size), { metadata: { jobId: '7' }, contentType: 'text/x' });
        const before = faults.calls.length;
        const file = await backend.retrieve(key());
        assert.equal(file.metadata['jobId'], '7');
        assert.equal(file.contentType, 'text/x');
        assert.equal(file.size, size);
        await file.bytes();
        assert.deepEqual(
          faults.calls.slice(before).map((call) => call.operation),
          ['get'],
        );
      }
    },
  },
  {
    number: 73,
    title: 'the info of a read equals the head’s, of a part too',
    run: async ({ backend, key }) => {
      await backend.save(key(), pattern(100_000), {
        metadata: { jobId: '7', 'a-b': 'ü' },
        contentType: 'text/x',
        cacheControl: 'no-store',
        contentDisposition: 'inline',
        contentEncoding: 'identity',
        contentLanguage: 'de',
      });
      const { metadata, ...head } = await headOf(backend, key());
      for (const options of [
        {},
        { range: { start: 10, end: 20 } },
        { range: { suffix: 5 } },
        { range: { start: 99_999 } },
      ]) {
        const file = await backend.retrieve(key(), options);
        const { checksum: readChecksum, ...read } = infoOf(file);
        const { checksum, ...expected } = { metadata: { ...metadata }, ...head };
        assert.deepEqual(read, expected);
        if (readChecksum !== undefined) assert.deepEqual(readChecksum, checksum);
        await file.cancel();
      }
    },
  },
  {
    number: 74,
    title: 'reads that are stopped early hold neither socket nor handle',
    run: async ({ backend, key, makeFaulty }) => {
      const bytes = pattern(1024 * 1024, 74);
      await backend.save(key(), bytes);
      const watched = await makeFaulty();
      await stopEarly(watched.backend, key(), 0);
      const before = openHandles();
      const rounds = count(75, 1000);
      for (let round = 0; round < rounds; round += 1) await stopEarly(watched.backend, key(), round % 5);
      await eventually(() => watched.faults.openBodies === 0, 'every body of the driver is given back');
      await eventually(() => openHandles() - before < rounds / 3, `handles: ${before} before, ${openHandles()} after`);
      await holds(watched.backend, key(), bytes);
    },
  },
  {
    number: 75,
    title: 'an object that is replaced while it is read: all bytes of the old one, or an error',
    run: async ({ backend, key }) => {
      const [old, other] = [pattern(large, 1), pattern(large, 2)];
      await backend.save(key(), old);
      const file = await backend.retrieve(key());
      const iterator = file[Symbol.asyncIterator]();
      const first = await iterator.next();
      assert.ok(first.done !== true);
      await backend.save(key(), other);
      const chunks = [first.value];
      const error = await drain(iterator, chunks);
      const read = concatenate(chunks);
      sameBytes(read, old.subarray(0, read.byteLength), 'never a mix');
      if (error === undefined) assert.equal(read.byteLength, old.byteLength, 'never short without an error');
      else await expectCode(Promise.reject(error as Error), 'PreconditionFailed', 'NotFound', 'Unavailable');
      await holds(backend, key(), other);
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
    number: 80,
    title: 'exists is true or false, and false only on definite absence',
    run: async ({ backend, key, makeFaulty }) => {
      await backend.save(key('there'), '');
      assert.equal(await backend.exists(key('there')), true);
      assert.equal(await backend.exists(key('absent')), false);
      for (const code of ['PermissionDenied', 'Unauthenticated', 'BucketNotFound', 'Corrupted', 'Unknown'] as const) {
        const error = (): DriverFault => new DriverFault(code, 'injected');
        const failing = await makeFaulty([{ on: 'head', times: 100, fault: { kind: 'fail-before', error } }]);
        await expectCode(failing.backend.exists(key('there')), code);
        await expectCode(failing.backend.exists(key('absent')), code);
        await expectCode(failing.backend.getMetadata(key('absent')), code);
        assert.equal(failing.faults.fired, 3);
      }
    },
  },
  {
    number: 80,
    title: 'exists with bad credentials rejects',
    uses: ['makeDenied'],
    run: async ({ backend, key, makeExtra }) => {
      await backend.save(key('there'), '');
      const denied = await makeExtra('makeDenied');
      for (const name of ['there', 'absent']) {
        await expectCode(denied.exists(key(name)), 'PermissionDenied', 'Unauthenticated');
        await expectCode(denied.getMetadata(key(name)), 'PermissionDenied', 'Unauthenticated');
      }
    },
  },
  {
    number: 81,
    title: 'a path that is not clean is no other name of the object',
    run: async ({ backend, key }) => {
      await backend.save(key('folder/name'), 'here');
      for (const alias of uncleaned(key('folder/name'))) {
        for (const ask of [() => backend.exists(alias), () => backend.getMetadata(alias)]) {
          const answer = await ask().catch((error: unknown) =>
            expectCode(Promise.reject(error as Error), 'InvalidKey'),
          );
          assert.ok(answer === false || answer === undefined || answer instanceof Error, JSON.stringify(alias));
        }
      }
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
        const first = file.bytes();
        await expectCode(() => file.bytes(), 'InvalidArgument');
        await expectCode(() => file.text(), 'InvalidArgument');
        await expectCode(() => chunksOfFile(file), 'InvalidArgument');
        sameBytes(await first, bytes);
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

/** Reads on to the end; resolves to the error, if there is one. */
async function drain(iterator: AsyncIterator<Uint8Array>, chunks: Uint8Array[]): Promise<unknown> {
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) chunks.push(next.value);
    return undefined;
  } catch (error) {
    return error;
  }
}

export const read: Area = defineArea({
  name: 'read',
  title: 'D. Read',
  cases: [...readCases, ...readFaults].toSorted((a, b) => a.number - b.number),
});
