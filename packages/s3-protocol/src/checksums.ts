import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm as S3Algorithm } from '@aws-sdk/client-s3';
import type { Checksum, UploadBody } from '@storage/core/driver';
import type { S3Profile } from './profile.ts';

/** Checksums in the words of the SDK. */
export interface S3Checksums {
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA1?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
}

/** What a request says of the bytes that it sends: the checksum of bytes in memory; that of a stream follows it. */
export function checksumOfBody(
  profile: S3Profile,
  body: UploadBody,
  integrity: 'default' | 'none',
): { ChecksumCRC32?: string; ChecksumAlgorithm?: S3Algorithm } {
  if (integrity === 'none' || profile.checksum === false) return {};
  if (body.pieces === undefined) return { ChecksumAlgorithm: 'CRC32' };
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(body.pieces.reduce((sum, piece) => crc32(piece, sum), 0));
  return { ChecksumCRC32: buffer.toString('base64') };
}

/** The checksum of the whole object, as an answer gives it. */
export function checksumOf(answer: S3Checksums & { readonly ChecksumType?: string | undefined }): Checksum | undefined {
  // A composite one is a checksum of the parts' checksums.
  if (answer.ChecksumType === 'COMPOSITE') return undefined;
  const { ChecksumCRC32, ChecksumCRC64NVME, ChecksumSHA256, ChecksumSHA1 } = answer;
  if (ChecksumCRC32 !== undefined) return { algorithm: 'crc32', value: toHex(ChecksumCRC32) };
  if (ChecksumCRC64NVME !== undefined) return { algorithm: 'crc64nvme', value: toHex(ChecksumCRC64NVME) };
  if (ChecksumSHA256 !== undefined) return { algorithm: 'sha256', value: toHex(ChecksumSHA256) };
  if (ChecksumSHA1 !== undefined) return { algorithm: 'sha1', value: toHex(ChecksumSHA1) };
  return undefined;
}

/** A CRC-32 as a request names it. */
export function fromChecksum(checksum: Checksum | undefined): { ChecksumCRC32?: string } {
  return checksum?.algorithm === 'crc32' ? { ChecksumCRC32: toBase64(checksum.value) } : {};
}

export function toBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

export function sha256(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

function toHex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}
