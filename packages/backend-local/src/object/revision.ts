import { randomBytes } from 'node:crypto';

let prefix = '';
let count = 0;

/** A name for a new revision, unlike any other: letters and digits, so that a disk that ignores case keeps them apart. */
export function newRevision(): string {
  if (prefix === '') prefix = BigInt(`0x1${randomBytes(8).toString('hex')}`).toString(36);
  count += 1;
  return prefix + count.toString(36).padStart(5, '0');
}
