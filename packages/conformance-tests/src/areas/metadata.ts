import assert from 'node:assert/strict';
import type { MetadataPatch, StorageBackend } from '@storage/core';
import { absent, expectCode, expectEarly, expectRefused, headOf, holds } from '../assertions.ts';
import { pattern, utf8, webStream } from '../bodies.ts';
import { count, defineArea } from '../case.ts';
import type { Area, CaseContext, ConformanceCase } from '../case.ts';
import { inParallel } from '../parallel.ts';

type Metadata = Readonly<Record<string, string>>;

/** Asserts that metadata comes back as it was given, from the save, a head and a read. */
async function comesBack(backend: StorageBackend, key: string, metadata: Metadata, body = 'body'): Promise<void> {
  const saved = await backend.save(key, body, { metadata });
  const file = await backend.retrieve(key);
  await file.cancel();
  for (const info of [saved, await headOf(backend, key), file]) {
    assert.deepEqual(Object.entries(info.metadata).toSorted(), Object.entries(metadata).toSorted());
  }
}

/** Metadata of exactly so many bytes as core counts them: name, value and 11 for each entry. */
function metadataOf(bytes: number, entries: number): Metadata {
  const names = Array.from({ length: entries }, (_, index) => `m${String(index).padStart(3, '0')}`);
  const each = Math.floor(bytes / entries) - 11 - 4;
  const rest = bytes - entries * (each + 11 + 4);
  return Object.fromEntries(names.map((name, index) => [name, 'v'.repeat(each + (index === 0 ? rest : 0))]));
}

const values: Metadata = {
  inside: 'two  spaces',
  leading: ' x',
  trailing: 'x ',
  both: '  x  ',
  onlySpace: ' ',
  empty: '',
  quotes: `"double" 'single' \`back\``,
  percent: '100% %48 %2F %Q %',
  equals: 'a=b; c=d, e&f?g#h+i',
  latin: 'für Größe',
  cjk: '日本語',
  emoji: '🙀👩‍👩‍👧',
  rtl: 'שלום',
  nfd: 'e\u0301',
  nfc: '\u00e9',
  nbsp: '\u00a0x\u00a0',
  rfc2047: '=?UTF-8?q?=C3=BC?=',
  mark: "utf-8''abc",
  json: '{"a":[1,2],"b":"ü"}',
  long: 'x'.repeat(200),
};

const plainCases: readonly ConformanceCase[] = [
  {
    number: 153,
    title: 'no metadata and empty metadata read back as empty',
    run: async ({ backend, key }) => {
      await comesBack(backend, key('empty'), {});
      await backend.save(key('none'), 'x');
      assert.deepEqual({ ...(await headOf(backend, key('none'))).metadata }, {});
    },
  },
  {
    number: 154,
    title: 'a simple map comes back, of an empty body and of a large one too',
    run: async ({ backend, key, limits }) => {
      await comesBack(backend, key('small'), { one: '1', two: 'second', three: '3' });
      await comesBack(backend, key('nothing'), { one: '1' }, '');
      const metadata = { one: '1', jobId: 'ü' };
      await backend.save(key('large'), webStream(pattern(2 * limits.partSize + 1)), {
        metadata,
        partSize: limits.partSize,
      });
      assert.deepEqual({ ...(await headOf(backend, key('large'))).metadata }, metadata);
    },
  },
  {
    number: 155,
    title: 'names come back in the spelling in which they were given',
    run: async ({ backend, key }) => {
      const spellings = [
        'jobId',
        'JOB_NO',
        'with-dash',
        'with_under',
        'X-Request-Id',
        '_private',
        'a1',
        'Z',
        'camelCaseName',
      ];
      await comesBack(backend, key('all'), Object.fromEntries(spellings.map((name) => [name, name])));
      await inParallel(spellings, (name) => comesBack(backend, key(name), { [name]: 'alone' }));
      await comesBack(backend, key('again'), { jobid: 'lower' });
      await comesBack(backend, key('again'), { JobID: 'other' });
    },
  },
  {
    number: 156,
    title: 'two names that some service takes for one are refused, before any request',
    run: async (context) => {
      const pairs = [
        ['jobId', 'jobid'],
        ['A', 'a'],
        ['a-b', 'a_b'],
        ['X-Y', 'x_y'],
      ];
      for (const [one = '', two = ''] of pairs) {
        const metadata = { [one]: '1', [two]: '2' };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', { metadata }));
      }
    },
  },
  {
    number: 157,
    title: 'names outside of the grammar are refused, before any request',
    run: async (context) => {
      const wrong = ['', ' ', '1a', '-a', 'a b', 'a.b', 'a:b', 'ü', 'a\n', 'a/b', 'a"', 'a=b', 'a(b)', 'a\u0000', '🙀'];
      for (const name of wrong) {
        const metadata = { [name]: 'x' };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', { metadata }));
      }
      for (const metadata of ['a=b', ['a'], new Map([['a', 'b']]), 7]) {
        const options = { metadata: metadata as never };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', options));
      }
    },
  },
  {
    number: 158,
    title: 'values come back unchanged: spaces at the ends, empty, quotes, any Unicode',
    run: async ({ backend, key }) => {
      for (const [name, value] of Object.entries(values)) await comesBack(backend, key(name), { [name]: value });
      const { long: _long, emoji: _emoji, ...together } = values;
      await comesBack(backend, key('together'), together);
    },
  },
  {
    number: 159,
    title: 'values with half a surrogate pair or a control character, and values that are no string, are refused',
    run: async (context) => {
      const wrong = [
        '\uD800',
        'a\uDC00b',
        'a\u0000b',
        'a\nb',
        '\r',
        '\t',
        '\u007f',
        '\u0085',
        7,
        null,
        true,
        {},
        ['a'],
      ];
      for (const value of wrong) {
        const metadata = { name: value as string };
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', { metadata }));
      }
    },
  },
  {
    number: 160,
    title: 'metadata of the largest size is accepted by the service, in few entries and in many, small body and large',
    claims: ['maxMetadataBytes'],
    run: async ({ backend, key, limits, capabilities }) => {
      const limit = capabilities.maxMetadataBytes;
      assert.ok(limit >= 2000, 'the portable limit is 2,000 bytes');
      for (const entries of [1, 10, 40]) {
        const metadata = metadataOf(limit, entries);
        await comesBack(backend, key(`n${entries}`), metadata);
        await backend.save(key(`large${entries}`), webStream(pattern(limits.partSize + 1)), {
          metadata,
          partSize: limits.partSize,
        });
        assert.deepEqual({ ...(await headOf(backend, key(`large${entries}`))).metadata }, metadata);
        if (capabilities.ifAbsentPut) await backend.save(key(`new${entries}`), 'x', { metadata, ifAbsent: true });
      }
    },
  },
  {
    number: 160,
    title: 'one byte more is InvalidArgument, before any request; encoded values count as they are encoded',
    claims: ['maxMetadataBytes'],
    run: async (context) => {
      const limit = context.capabilities.maxMetadataBytes;
      const tooMuch = [
        metadataOf(limit + 1, 1),
        metadataOf(limit + 1, 10),
        { name: 'ü'.repeat(Math.ceil(limit / 2)) },
        { name: '🙀'.repeat(Math.ceil(limit / 4)) },
      ];
      for (const metadata of tooMuch) {
        await expectEarly(context, 'InvalidArgument', (backend) => backend.save(context.key(), 'x', { metadata }));
      }
    },
  },
  {
    number: 162,
    title: 'body and metadata change together: no reader sees one of each',
    run: async ({ backend, make, key }) => {
      const reader = await make();
      const rounds = count(40, 1000);
      const write = (round: number): Promise<unknown> =>
        backend.save(key(), `${round}`.padEnd(100_000, '.'), {
          metadata: { round: String(round) },
          cacheControl: `max-age=${round}`,
        });
      await write(0);
      let [writing, seen] = [true, 0];
      const readOn = async (): Promise<void> => {
        while (writing) {
          const file = await reader.retrieve(key());
          const text = await file.text().catch(() => undefined);
          // An error is honest: the object changed while its body was on the way.
          if (text === undefined) continue;
          assert.equal(file.metadata['round'], String(Number.parseInt(text, 10)));
          assert.equal(file.cacheControl, `max-age=${Number.parseInt(text, 10)}`);
          seen += 1;
        }
      };
      const readers = [readOn(), readOn()];
      try {
        for (let round = 1; round <= rounds; round += 1) await write(round);
      } finally {
        writing = false;
      }
      await Promise.all(readers);
      assert.ok(seen > 0, 'somebody has read');
    },
  },
  {
    number: 163,
    title: 'names of our own are hidden from users and refused as input',
    run: async (context) => {
      const { backend, key, limits, capabilities, prefix } = context;
      for (const name of [
        'storage-token',
        'storage_token',
        'Storage_Token',
        'storage-names',
        'STORAGE_NAMES',
        'storage-proto',
      ]) {
        const metadata = { [name]: 'x' };
        await expectEarly(context, 'InvalidArgument', (watched) => watched.save(key(), 'x', { metadata }));
      }
      const metadata = { jobId: '7', 'a-B': 'ü' };
      const { partSize } = limits;
      await backend.save(key('parts'), webStream(pattern(2 * partSize + 1)), { metadata, partSize });
      if (capabilities.ifAbsentPut) await backend.save(key('created'), 'x', { metadata, ifAbsent: true });
      if (capabilities.copy) await backend.copy(key('parts'), key('copy'));
      for (const entry of await backend.listFiles(prefix)) {
        const info = await headOf(backend, entry.key);
        assert.deepEqual({ ...info.metadata }, metadata, entry.key);
        assert.ok(!('token' in info), 'no token is shown');
      }
      if (capabilities.listMetadata === false) return;
      for (const entry of await backend.listFiles(prefix, { include: ['metadata'] })) {
        assert.deepEqual({ ...entry.metadata }, metadata, `${entry.key} in the listing`);
      }
    },
  },
  {
    number: 164,
    title: 'names of Object.prototype are ordinary names, and are not there when they were not given',
    run: async ({ backend, key }) => {
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
      for (const name of names) {
        const metadata = JSON.parse(`{"${name}":"own"}`) as Record<string, string>;
        await backend.save(key(name), 'x', { metadata });
        const file = await backend.retrieve(key(name));
        await file.cancel();
        for (const read of [(await headOf(backend, key(name))).metadata, file.metadata]) {
          assert.deepEqual(Object.entries(read), [[name, 'own']]);
          assert.ok(Object.hasOwn(read, name));
        }
      }
      assert.equal(Reflect.get(Object.prototype, 'own'), undefined);
      await backend.save(key('plain'), 'x', { metadata: { a: 'b' } });
      const { metadata } = await headOf(backend, key('plain'));
      for (const name of names) assert.ok(!Object.hasOwn(metadata, name));
    },
  },
];

/** Applies a change, and asserts that it sent no body and what is there then. */
async function change(
  { makeFaulty, backend, key }: CaseContext,
  patch: MetadataPatch,
  options: Parameters<StorageBackend['updateMetadata']>[2],
  expected: Metadata,
): Promise<void> {
  const watched = await makeFaulty();
  const info = await watched.backend.updateMetadata(key(), patch, options);
  assert.deepEqual({ ...info.metadata }, expected);
  assert.deepEqual({ ...(await headOf(backend, key())).metadata }, expected);
  const sent = watched.faults.calls.map((call) => call.operation);
  assert.ok(
    !sent.some((operation) => operation === 'put' || operation === 'get'),
    `the body is not sent: ${sent.join(', ')}`,
  );
}

const updateCases: readonly ConformanceCase[] = [
  {
    number: 161,
    title: 'updateMetadata merges, removes and replaces without sending the body, and keeps the rest',
    claims: ['setMetadata'],
    needs: (capabilities) => capabilities.setMetadata,
    run: async (context) => {
      const { backend, key } = context;
      const bytes = pattern(100_000, 161);
      await backend.save(key(), bytes, {
        metadata: { jobId: '1', keep: 'ü', drop: 'x' },
        contentType: 'text/plain',
        cacheControl: 'no-store',
        contentDisposition: 'inline',
        contentEncoding: 'identity',
        contentLanguage: 'de',
      });
      const before = await headOf(backend, key());
      await change(context, { jobId: '2', added: '日本', drop: null }, {}, { jobId: '2', keep: 'ü', added: '日本' });
      await change(context, { JOBID: '3', missing: null }, {}, { JOBID: '3', keep: 'ü', added: '日本' });
      await change(context, { only: 'this' }, { replace: true }, { only: 'this' });
      await change(context, {}, { replace: true }, {});
      await change(context, { last: 'one' }, { cacheControl: 'public', contentType: 'text/html' }, { last: 'one' });
      const after = await headOf(backend, key());
      await holds(backend, key(), bytes);
      assert.equal(after.size, before.size);
      assert.equal(after.contentType, 'text/html');
      assert.equal(after.cacheControl, 'public');
      for (const name of ['contentDisposition', 'contentEncoding', 'contentLanguage', 'tier'] as const) {
        assert.equal(after[name], before[name], `${name} stays`);
      }
    },
    refused: async (context) => {
      const { backend, key } = context;
      await backend.save(key(), 'x', { metadata: { a: 'b' } });
      await expectRefused(context, key(), (watched) => watched.updateMetadata(key(), { a: 'c' }));
    },
  },
  {
    number: 161,
    title: 'updateMetadata of a missing key is NotFound and creates nothing; bad input is refused before any request',
    claims: ['setMetadata'],
    needs: (capabilities) => capabilities.setMetadata,
    run: async (context) => {
      const { backend, key } = context;
      await expectCode(backend.updateMetadata(key('missing'), { a: 'b' }), 'NotFound');
      await absent(backend, key('missing'));
      for (const patch of [{ 'a b': 'c' }, { a: 7 }, { a: '\u0000' }, { a: '1', A: '2' }, undefined, 'a=b']) {
        await expectEarly(context, 'InvalidArgument', (watched) => watched.updateMetadata(key(), patch as never));
      }
      await backend.save(key(), 'x', { metadata: { a: 'b' } });
      const tooMuch = metadataOf(context.capabilities.maxMetadataBytes + 1, 3);
      await expectCode(backend.updateMetadata(key(), tooMuch), 'InvalidArgument');
      assert.deepEqual({ ...(await headOf(backend, key())).metadata }, { a: 'b' });
    },
    refused: (context) => refusedUpdate(context, {}),
  },
  {
    number: 161,
    title: 'a change of metadata changes the etag exactly where etags name revisions',
    claims: ['setMetadata', 'etagKind'],
    needs: (capabilities) => capabilities.setMetadata,
    run: async ({ backend, key, capabilities }) => {
      await backend.save(key(), 'same body', { metadata: { a: '1' } });
      const before = await headOf(backend, key());
      const after = await backend.updateMetadata(key(), { a: '2' });
      assert.equal(after.etag, (await headOf(backend, key())).etag);
      if (capabilities.etagKind === 'revision') assert.notEqual(after.etag, before.etag);
      else assert.equal(after.etag, before.etag);
      assert.ok(after.lastModified.getTime() >= before.lastModified.getTime());
    },
    refused: (context) => refusedUpdate(context, {}),
  },
  {
    number: 161,
    title: 'updateMetadata with ifMatch changes only the revision that it names',
    claims: ['ifMatchMetadata'],
    needs: (capabilities) => capabilities.setMetadata && capabilities.ifMatchMetadata,
    run: async ({ backend, key }) => {
      const { etag: stale } = await backend.save(key(), 'one', { metadata: { a: '1' } });
      const { etag } = await backend.save(key(), 'two', { metadata: { a: '2' } });
      await expectCode(backend.updateMetadata(key(), { a: '3' }, { ifMatch: stale }), 'PreconditionFailed');
      assert.deepEqual({ ...(await headOf(backend, key())).metadata }, { a: '2' });
      const { etag: next } = await backend.updateMetadata(key(), { a: '3' }, { ifMatch: etag });
      await expectCode(backend.updateMetadata(key(), { a: '4' }, { ifMatch: etag }), 'PreconditionFailed');
      await backend.updateMetadata(key(), { a: '5' }, { ifMatch: next });
      await expectCode(
        backend.updateMetadata(key('missing'), { a: '1' }, { ifMatch: etag }),
        'PreconditionFailed',
        'NotFound',
      );
    },
    refused: (context) => refusedUpdate(context, { ifMatch: '"0"' }),
  },
  {
    number: 161,
    title: 'concurrent updates of different names are both kept, where etags name revisions',
    claims: ['ifMatchMetadata'],
    needs: (capabilities) => capabilities.setMetadata && capabilities.ifMatchMetadata,
    run: async ({ backend, make, key }) => {
      await backend.save(key(), 'x');
      const writers = [backend, await make(), await make()];
      const names = Array.from({ length: 12 }, (_, index) => `n${index}`);
      await Promise.all(names.map((name, index) => writers[index % 3]?.updateMetadata(key(), { [name]: name })));
      const expected = Object.fromEntries(names.map((name) => [name, name]));
      assert.deepEqual({ ...(await headOf(backend, key())).metadata }, expected);
      await holds(backend, key(), utf8('x'));
    },
    refused: (context) => refusedUpdate(context, { ifMatch: '"0"' }),
  },
];

async function refusedUpdate(context: CaseContext, options: { readonly ifMatch?: string }): Promise<void> {
  const { backend, key } = context;
  await backend.save(key(), 'x', { metadata: { a: 'b' } });
  await expectRefused(context, key(), (watched) => watched.updateMetadata(key(), { a: 'c' }, options));
}

export const metadata: Area = defineArea({
  name: 'metadata',
  title: 'I. Metadata',
  cases: [...plainCases, ...updateCases].toSorted((a, b) => a.number - b.number),
});
