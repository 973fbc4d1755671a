import { describe, expect, it } from 'vitest';
import { checkChecksum, createDigest } from '../../src/checksum.ts';
import type { ChecksumAlgorithm } from '../../src/file-info.ts';

// Published check values of "123456789".
const known: [ChecksumAlgorithm, string][] = [
  ['crc32', 'cbf43926'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['md5', '25f9e794323b453885f5181f1b624d0b'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
];

function digestOf(algorithm: ChecksumAlgorithm, ...chunks: Uint8Array[]): string {
  const digest = createDigest(algorithm);
  for (const chunk of chunks) digest.update(chunk);
  return digest.hex();
}

describe('a checksum', () => {
  it.each(known)('%s has its published check value, however the bytes are cut', (algorithm, value) => {
    const bytes = new TextEncoder().encode('123456789');
    expect(digestOf(algorithm, bytes)).toBe(value);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(digestOf(algorithm, bytes.subarray(0, cut), bytes.subarray(cut))).toBe(value);
    }
  });

  it('crc64nvme takes eight bytes at once as it takes one', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) & 0xff);
    const single = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));
    expect(digestOf('crc64nvme', bytes)).toBe(digestOf('crc64nvme', ...single));
  });

  it.each(known)('a declared %s may be hexadecimal or base64', (algorithm, value) => {
    const base64 = Buffer.from(value, 'hex').toString('base64');
    for (const spelling of [value, value.toUpperCase(), base64, base64.replace(/=+$/, '')]) {
      expect(checkChecksum({ algorithm, value: spelling })).toEqual({ algorithm, value });
    }
  });

  const wrong: unknown[] = [
    null,
    'cbf43926',
    {},
    { algorithm: 'crc32' },
    { algorithm: 'crc32', value: 'cbf439' },
    { algorithm: 'crc32', value: 'not hex!' },
    { algorithm: 'md5', value: 'cbf43926' },
    { algorithm: 'toString', value: 'cbf43926' },
    { algorithm: 'sha512', value: 'ab' },
  ];
  it.each(wrong)('%j is InvalidArgument', (value) => {
    expect(() => checkChecksum(value)).toThrow(
      expect.objectContaining({ classification: { code: 'InvalidArgument', retryable: 'no' } }),
    );
  });

  it('none is none', () => {
    expect(checkChecksum(undefined)).toBeUndefined();
  });
});
