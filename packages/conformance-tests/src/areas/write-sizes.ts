import assert from 'node:assert/strict';
import type { BodyInput, SaveOptions } from '@storage/core';
import { absent, expectCode, headOf, holds, unchanged } from '../assertions.ts';
import { iterable, pattern, webStream } from '../bodies.ts';
import type { CaseContext, ConformanceCase } from '../case.ts';
import { checksumOf, wrongChecksumOf } from '../checksums.ts';
import { inParallel } from '../parallel.ts';

/** Sizes at which a write may change its path. */
function criticalSizes(part: number): readonly number[] {
  return [0, 1, part - 1, part, part + 1, 2 * part - 1, 2 * part, 2 * part + 1];
}

type MakeBody = (bytes: Uint8Array) => BodyInput;

/** A size and a kind of body that take a path of their own through the transfer. */
interface SizeClass {
  readonly name: string;
  readonly size: (part: number) => number;
  readonly body: MakeBody;
  readonly known?: true;
}

const sizeClasses: readonly SizeClass[] = [
  { name: 'an empty body', size: () => 0, body: (bytes) => bytes },
  { name: 'bytes in one request', size: () => 1000, body: (bytes) => bytes },
  { name: 'a short stream', size: () => 1000, body: (bytes) => webStream(bytes) },
  {
    name: 'a large body that can be replayed',
    size: (part) => 2 * part + 3,
    body: (bytes) => () => iterable(bytes),
    known: true,
  },
  {
    name: 'a stream of known size in parts',
    size: (part) => 2 * part + 3,
    body: (bytes) => webStream(bytes),
    known: true,
  },
  { name: 'a stream of unknown size in parts', size: (part) => 2 * part + 3, body: (bytes) => webStream(bytes) },
];

/** An etag that no object has. */
const staleEtag = '"00000000000000000000000000000000"';

/** Every write option, on one path. */
async function everyOption(context: CaseContext, { name, size, body, known }: SizeClass): Promise<void> {
  const { backend, capabilities, key, limits } = context;
  const bytes = pattern(size(limits.partSize), name.length);
  const base = { partSize: limits.partSize, ...(known === true ? { size: bytes.byteLength } : {}) };
  const save = (where: string, options: SaveOptions = {}): Promise<unknown> =>
    backend.save(key(where), body(bytes), { ...base, ...options });
  const attributes = {
    metadata: { jobId: '456', 'with-dash': 'ü 日本', empty: '' },
    contentType: 'text/x-path',
    cacheControl: 'no-store',
    contentDisposition: 'inline',
    contentEncoding: 'identity',
    contentLanguage: 'fr',
  };

  await save('plain', { ...attributes, checksum: checksumOf('sha256', bytes), maxSize: bytes.byteLength });
  await holds(backend, key('plain'), bytes);
  const info = await headOf(backend, key('plain'));
  assert.deepEqual({ ...info.metadata }, attributes.metadata);
  for (const header of [
    'contentType',
    'cacheControl',
    'contentDisposition',
    'contentEncoding',
    'contentLanguage',
  ] as const) {
    assert.equal(info[header], attributes[header], header);
  }

  const failing: [SaveOptions, Parameters<typeof expectCode>[1]][] = [
    [{ checksum: wrongChecksumOf('sha256', bytes) }, 'ChecksumMismatch'],
    [{ size: bytes.byteLength + 1 }, 'LengthMismatch'],
    [{ ifAbsent: true }, capabilities.ifAbsentPut ? 'AlreadyExists' : 'Unsupported'],
    [{ ifMatch: staleEtag }, capabilities.ifMatchPut ? 'PreconditionFailed' : 'Unsupported'],
    [{ ifNoneMatch: info.etag }, capabilities.ifNoneMatchPut ? 'PreconditionFailed' : 'Unsupported'],
  ];
  if (bytes.byteLength > 0) failing.push([{ maxSize: bytes.byteLength - 1 }, 'LengthMismatch']);
  for (const [options, code] of failing) {
    const again = (): Promise<unknown> => save('plain', { ...options, metadata: { changed: 'yes' } });
    await unchanged(backend, key('plain'), () => expectCode(again, code));
  }
  await expectCode(() => save('new', { checksum: wrongChecksumOf('crc32', bytes) }), 'ChecksumMismatch');
  await absent(backend, key('new'));

  if (capabilities.ifAbsentPut) await save('created', { ifAbsent: true, ...attributes });
  if (capabilities.ifMatchPut) await save('plain', { ifMatch: info.etag, metadata: { round: '2' } });
  if (capabilities.ifAbsentPut) {
    await holds(backend, key('created'), bytes);
    assert.deepEqual({ ...(await headOf(backend, key('created'))).metadata }, attributes.metadata);
  }
  if (capabilities.ifMatchPut) assert.deepEqual({ ...(await headOf(backend, key('plain'))).metadata }, { round: '2' });
  await integrityAndProgress(context, bytes, base, body);
}

async function integrityAndProgress(
  { backend, key }: CaseContext,
  bytes: Uint8Array,
  base: SaveOptions,
  body: MakeBody,
): Promise<void> {
  let done = 0;
  const onProgress = (progress: { readonly doneBytes: number }): void => {
    assert.ok(progress.doneBytes >= done, 'progress does not go back');
    done = progress.doneBytes;
  };
  await backend.save(key('watched'), body(bytes), { ...base, integrity: 'none', onProgress });
  assert.equal(done, bytes.byteLength, 'progress ends at the size');
  await holds(backend, key('watched'), bytes);
}

export const writeSizes: readonly ConformanceCase[] = [
  {
    number: 62,
    title: 'sizes around one request and around parts are stored exactly, of known and unknown size',
    claims: ['singlePut.maxSize', 'singlePut.unknownSize'],
    run: async ({ backend, key, limits }) => {
      const { partSize } = limits;
      for (const size of criticalSizes(partSize)) {
        const bytes = pattern(size, size + 1);
        await inParallel(
          [
            ['bytes', bytes, {}],
            ['known', webStream(bytes, 60_000), { size }],
            ['unknown', webStream(bytes, 70_000), {}],
          ] as const,
          async ([kind, body, options]) => {
            const saved = await backend.save(key(`${kind}-${size}`), body, { ...options, partSize });
            assert.equal(saved.size, size);
            assert.equal((await headOf(backend, key(`${kind}-${size}`))).etag, saved.etag);
            await holds(backend, key(`${kind}-${size}`), bytes);
          },
        );
      }
    },
  },
  {
    number: 62,
    title: 'a part size that cannot be is InvalidArgument, a small one is raised to what the service takes',
    run: async ({ backend, key }) => {
      for (const partSize of [0, -1, 1.5, Number.NaN, '8' as never]) {
        await expectCode(backend.save(key(), 'x', { partSize }), 'InvalidArgument');
      }
      for (const concurrency of [0, -1, 1.5]) {
        await expectCode(backend.save(key(), 'x', { concurrency }), 'InvalidArgument');
      }
      await absent(backend, key());
    },
  },
  ...sizeClasses.map(
    (sizeClass): ConformanceCase => ({
      number: 63,
      title: `every write option means the same for ${sizeClass.name}`,
      run: (context) => everyOption(context, sizeClass),
    }),
  ),
];
