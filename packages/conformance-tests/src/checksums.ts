import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Checksum, ChecksumAlgorithm } from '@storage/core';

/** The checksum of bytes, computed apart from the code that is tested. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Checksum {
  if (algorithm === 'crc32') return { algorithm, value: hexadecimal(BigInt(crc32(bytes)), 8) };
  if (algorithm === 'crc64nvme') return { algorithm, value: hexadecimal(crc64nvme(bytes), 16) };
  return { algorithm, value: createHash(algorithm).update(bytes).digest('hex') };
}

/** A checksum that is well formed, and of other bytes. */
export function wrongChecksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Checksum {
  return checksumOf(algorithm, Uint8Array.of(...bytes.subarray(0, 8), 1, 2, 3));
}

/** Reflected CRC-64 with the polynomial of NVMe, bit by bit: slow and plain. */
function crc64nvme(bytes: Uint8Array): bigint {
  const all = 0xffff_ffff_ffff_ffffn;
  let state = all;
  for (const byte of bytes) {
    state ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) {
      state = (state & 1n) === 1n ? (state >> 1n) ^ 0x9a6c_9329_ac4b_c9b5n : state >> 1n;
    }
  }
  return state ^ all;
}

function hexadecimal(value: bigint, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
