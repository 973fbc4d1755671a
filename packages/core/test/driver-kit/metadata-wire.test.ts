import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMetadata, encodeMetadata, type MetadataWire, wireName } from '../../src/driver-kit/metadata-wire.ts';
import { metadataBytes } from '../../src/metadata.ts';

const wires: MetadataWire[] = ['header', 'identifier'];

const value = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => Buffer.from(text).toString() === text && !/\p{Cc}/u.test(text)),
  fc.constantFrom('', ' ', '  ', 'a  b', ' a ', "utf-8''", "utf-8''%C3%BC", "utf-8''plain", '%', 'ü', '日本', '🙀 x'),
);
const metadata = fc
  .dictionary(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,8}$/), value, { noNullPrototype: true })
  .map((record) => {
    const unique = new Map(Object.entries(record).map(([name, text]) => [wireName(name, 'identifier'), [name, text]]));
    return Object.fromEntries(unique.values()) as Record<string, string>;
  });

describe.each(wires)('metadata on the wire as %s', (wire) => {
  it('comes back exactly, whatever it was', () => {
    fc.assert(
      fc.property(metadata, fc.option(fc.base64String(), { nil: undefined }), (given, token) => {
        const decoded = decodeMetadata(encodeMetadata(given, wire, token), wire);
        expect(Object.entries(decoded.metadata).sort()).toEqual(Object.entries(given).sort());
        expect(decoded.token).toBe(token);
      }),
      { numRuns: 1_000 },
    );
  });

  it('travels as visible ASCII that no service trims or collapses, under names that they keep', () => {
    const name = wire === 'header' ? /^[a-z0-9_-]+$/ : /^[a-z_][a-z0-9_]*$/;
    fc.assert(
      fc.property(metadata, (given) => {
        for (const [key, text] of Object.entries(encodeMetadata(given, wire))) {
          expect(key).toMatch(name);
          expect(text).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);
          expect(text).not.toContain('  ');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never costs more than is counted', () => {
    fc.assert(
      fc.property(metadata, (given) => {
        const stored = Object.entries(encodeMetadata(given, wire));
        const bytes = stored.reduce((sum, [key, text]) => sum + key.length + text.length + 11, 0);
        expect(bytes).toBeLessThanOrEqual(metadataBytes(given));
      }),
    );
  });
});

describe('metadata on the wire', () => {
  it('is what other tools expect, and has a hidden entry only for a spelling that is lost', () => {
    expect(encodeMetadata({ jobid: '7', note: 'plain text' }, 'header')).toEqual({ jobid: '7', note: 'plain text' });
    expect(encodeMetadata({ 'x-y': '7' }, 'header')).toEqual({ 'x-y': '7' });
    expect(encodeMetadata({ 'x-y': '7', jobId: '8' }, 'identifier')).toEqual({
      x_y: '7',
      jobid: '8',
      storage_names: 'x-y,jobId',
    });
  });

  it('returns what another tool wrote as that tool wrote it', () => {
    const foreign = {
      title: '=?UTF-8?B?w7w=?=',
      rest: "utf-8''%c3%bc",
      bad: "utf-8''%zz",
      odd: "utf-8''plain",
      dot: '%20',
    };
    expect(decodeMetadata(foreign, 'header').metadata).toEqual(foreign);
  });

  it('keeps ownership tokens out of the metadata, in at most 48 bytes', () => {
    const stored = encodeMetadata({ a: '1' }, 'header', 'A'.repeat(22));
    const token = stored['storage-token'] ?? '';
    expect('storage-token'.length + token.length + 11).toBeLessThanOrEqual(48);
    expect(decodeMetadata(stored, 'header').metadata).toEqual({ a: '1' });
  });

  it('reads names in any case, as listings return them', () => {
    expect(decodeMetadata({ JobID: '7', Storage_Names: 'jobId' }, 'identifier').metadata).toEqual({ jobId: '7' });
  });
});
