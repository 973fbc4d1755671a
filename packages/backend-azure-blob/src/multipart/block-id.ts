import { randomBytes } from 'node:crypto';
import { DriverFault } from '@storage/core/driver';

/**
 * The service keeps no sessions: the staged blocks of all writers lie together under the name of the blob, each known
 * by an id of its choice, all of one length. Ours say all that there is to know of a part, in 48 characters:
 *
 *     storage-<16 random>      the upload
 *     00001                    number of the part
 *     005k2yo                  its bytes
 *     mfy1c0zz                 when it was sent, in milliseconds
 *     aB3_                     random: the same part sent again is another block
 *
 * 48 is the length that the SDKs use as well, so that a blob which somebody else left blocks of can still be written.
 */
export interface Block {
  readonly uploadId: string;
  readonly partNumber: number;
  readonly size: number;
  readonly sentAt: number;
  /** As the service knows it. */
  readonly id: string;
}

const shape = /^(storage-[\w-]{16})(\d{5})([0-9a-z]{7})([0-9a-z]{8})[\w-]{4}$/;

/** Part number of the block that stands for the upload itself, from its beginning until somebody commits the blob. */
export const markerNumber = 0;

export function createUploadId(): string {
  return `storage-${randomBytes(12).toString('base64url')}`;
}

/** An id for a part that is about to be sent. */
export function createBlockId(uploadId: string, partNumber: number, size: number): string {
  const words = [
    uploadId,
    String(partNumber).padStart(5, '0'),
    size.toString(36).padStart(7, '0'),
    Date.now().toString(36).padStart(8, '0'),
    randomBytes(3).toString('base64url'),
  ];
  const text = words.join('');
  if (!shape.test(text)) throw new DriverFault('NotFound', 'there is no such upload');
  return Buffer.from(text).toString('base64');
}

/** What an id says; undefined for one that is not ours. */
export function parseBlockId(id: string): Block | undefined {
  const [, uploadId, partNumber, size, sentAt] = shape.exec(Buffer.from(id, 'base64').toString('latin1')) ?? [];
  if (uploadId === undefined) return undefined;
  return {
    uploadId,
    partNumber: Number(partNumber),
    size: Number.parseInt(size as string, 36),
    sentAt: Number.parseInt(sentAt as string, 36),
    id,
  };
}
