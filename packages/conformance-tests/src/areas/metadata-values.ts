import assert from 'node:assert/strict';
import { assertCode, expectEarly, headOf } from '../assertions.ts';
import { pattern, webStream } from '../bodies.ts';
import type { ConformanceCase } from '../case.ts';
import { count } from '../case.ts';
import type { Metadata } from './metadata-case.ts';
import { comesBack, metadataOf } from './metadata-case.ts';

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

export const metadataValues: readonly ConformanceCase[] = [
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
          // An error is honest: the object changed while its body was on the way.
          const text = await file.text().catch((error: unknown) => {
            assertCode(error, 'PreconditionFailed', 'NotFound', 'Unavailable');
          });
          if (text === undefined) continue;
          assert.equal(file.metadata['round'], String(Number.parseInt(text, 10)));
          assert.equal(file.cacheControl, `max-age=${Number.parseInt(text, 10)}`);
          seen += 1;
        }
      };
      const writeAll = async (): Promise<void> => {
        for (let round = 1; round <= rounds && writing; round += 1) await write(round);
      };
      const written = writeAll().finally(() => {
        writing = false;
      });
      await Promise.all([written, readOn(), readOn()]);
      assert.ok(seen > 0, 'somebody has read');
    },
  },
];
