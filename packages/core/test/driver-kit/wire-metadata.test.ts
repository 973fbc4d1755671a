import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeMetadata,
  encodeMetadata,
  foldMetadataName,
  isReservedMetadataName,
  type MetadataWire,
  wireMetadataBytes,
} from '../../src/driver-kit/wire-metadata.ts';

const wires: readonly MetadataWire[] = ['header', 'identifier'];
const grammar = { header: /^[a-z_][a-z0-9_-]*$/, identifier: /^[a-z_][a-z0-9_]*$/ };

const name = fc
  .oneof(
    fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,12}$/),
    fc.constantFrom('__proto__', '__PROTO__', '__proto--', 'constructor', 'toString', 'jobId', 'job-id', 'JOB_ID', '_'),
  )
  .filter((candidate) => !isReservedMetadataName(candidate));

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.constantFrom(
    '',
    ' ',
    ' a',
    'a ',
    'a  b',
    '=?',
    '?=',
    '=?UTF-8?Q?a?=',
    '=?utf-8?b?YQ==?=',
    '=?UTF-8?Q?a?= =?UTF-8?Q?b?=',
    '\ufeff',
    '%41',
  ),
);

const metadata = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => foldMetadataName(key), maxLength: 8 })
  .map((entries) => Object.fromEntries(entries));

/** What a service and its SDK do on the way: names in lower case, values trimmed. */
function transport(sent: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(sent).map(([key, text]) => [key.toLowerCase(), text.trim()]));
}

describe.each(wires)('metadata on the wire as %s', (wire) => {
  test('comes back in spelling, values and number, with its token', () => {
    fc.assert(
      fc.property(metadata, fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{22}$/), { nil: undefined }), (given, token) => {
        const decoded = decodeMetadata(transport(encodeMetadata({ metadata: given, token }, wire)), wire);
        expect(Object.entries(decoded.metadata).sort()).toEqual(Object.entries(given).sort());
        expect(decoded.token).toBe(token);
      }),
      { numRuns: 2_000 },
    );
  });

  test('has only names and values that a header keeps', () => {
    fc.assert(
      fc.property(metadata, (given) => {
        for (const [key, text] of Object.entries(encodeMetadata({ metadata: given, token: 'T' }, wire))) {
          expect(key).toMatch(grammar[wire]);
          expect(key.toLowerCase()).not.toBe('__proto__');
          expect(text).toMatch(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('costs a hidden entry only for a spelling that the wire loses', () => {
    expect(encodeMetadata({ metadata: { plain: 'a b', under_score: '1' } }, wire)).toEqual({
      plain: 'a b',
      under_score: '1',
    });
    const hidden = wire === 'header' ? 'storage-names' : 'storage_names';
    expect(encodeMetadata({ metadata: { jobId: '1' } }, wire)[hidden]).toBe('jobId');
  });

  test('what another tool wrote is kept', () => {
    const foreign = {
      plain: 'x',
      percent: '%41 %zz',
      word: '=?ISO-8859-1?Q?=FC?=',
      broken: '=?UTF-8?B?=?=',
      cut: '=?UTF-8?Q?=C3?=',
    };
    expect(decodeMetadata(foreign, wire)).toEqual({ metadata: foreign });
    expect(decodeMetadata({ Upper: 'x' }, wire)).toEqual({ metadata: { upper: 'x' } });
    expect(decodeMetadata(undefined, wire)).toEqual({ metadata: {} });
  });

  test('raw UTF-8 of another tool, which MinIO shows as several encoded words, is read', () => {
    expect(decodeMetadata({ title: '=?UTF-8?q?=C3=BC?= =?UTF-8?q?=E6=97=A5?=' }, wire).metadata).toEqual({
      title: 'ü日',
    });
  });
});

test('a dash is an underscore where names are identifiers', () => {
  const encoded = encodeMetadata({ metadata: { 'job-id': '1' } }, 'identifier');
  expect(encoded).toEqual({ job_id: '1', storage_names: 'job-id' });
});

test('names of our own are reserved in every spelling', () => {
  expect(['storage-token', 'Storage_Token', 'STORAGE-NAMES', 'storage_proto'].every(isReservedMetadataName)).toBe(true);
  expect(['storage', 'storagetoken', 'token', 'storage-class'].some(isReservedMetadataName)).toBe(false);
});

test('the token costs at most the 48 bytes that the portable limit leaves for it', () => {
  const token = 'x'.repeat(22);
  expect(wireMetadataBytes(encodeMetadata({ metadata: {}, token }, 'header'))).toBeLessThanOrEqual(48);
});

test('every entry counts its name, its value and 11', () => {
  expect(wireMetadataBytes({ ab: 'cde', f: '' })).toBe(2 + 3 + 11 + 1 + 11);
});
