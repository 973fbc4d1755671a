import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc64Nvme } from './crc64nvme.ts';
import { DriverFault } from './errors/driver-fault.ts';
import type { Checksum, ChecksumAlgorithm } from './file-info.ts';

/** Length of each algorithm's value, in bytes. */
const valueBytes: Readonly<Record<ChecksumAlgorithm, number>> = {
  crc32: 4,
  crc64nvme: 8,
  md5: 16,
  sha1: 20,
  sha256: 32,
};

/** A checksum of bytes that come in chunks. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal; called once, at the end. */
  hex(): string;
}

export function createDigest(algorithm: ChecksumAlgorithm): Digest {
  if (algorithm === 'crc32') return new Crc32();
  if (algorithm === 'crc64nvme') return new Crc64Nvme();
  const hash = createHash(algorithm);
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => hash.digest('hex'),
  };
}

class Crc32 implements Digest {
  #value = 0;

  update(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value);
  }

  hex(): string {
    return this.#value.toString(16).padStart(8, '0');
  }
}

/** A declared checksum with its value, hexadecimal or base64, as lower-case hexadecimal. Throws `InvalidArgument`. */
export function checkChecksum(value: unknown): Checksum | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null) throw invalid('must be { algorithm, value }');
  const { algorithm, value: text } = value as { readonly algorithm?: unknown; readonly value?: unknown };
  if (typeof algorithm !== 'string' || !Object.hasOwn(valueBytes, algorithm)) {
    throw invalid(`has no algorithm of ${Object.keys(valueBytes).join(', ')}`);
  }
  const known = algorithm as ChecksumAlgorithm;
  const hex = typeof text === 'string' ? toHex(text, valueBytes[known]) : undefined;
  if (hex === undefined) throw invalid(`has no ${known} value: ${valueBytes[known]} bytes in hexadecimal or base64`);
  return { algorithm: known, value: hex };
}

/** Throws `ChecksumMismatch` unless the bytes have the checksum. */
export function assertChecksum(expected: Checksum, actualHex: string, whose: 'declared' | 'stored'): void {
  if (expected.value === actualHex) return;
  throw new DriverFault(
    'ChecksumMismatch',
    `the ${expected.algorithm} of the bytes is ${actualHex}, ${whose} was ${expected.value}`,
  );
}

function toHex(text: string, bytes: number): string | undefined {
  if (text.length === bytes * 2 && /^[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64');
  const canonical = decoded.toString('base64');
  // Bits that no byte holds would be dropped in silence.
  if (decoded.length !== bytes || canonical.replace(/=+$/, '') !== text.replace(/=+$/, '')) return undefined;
  return decoded.toString('hex');
}

function invalid(what: string): DriverFault {
  return new DriverFault('InvalidArgument', `the checksum ${what}`);
}
