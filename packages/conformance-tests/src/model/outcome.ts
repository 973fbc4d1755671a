import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Metadata, Outcome } from './command.ts';

/** What is compared of an info: order of metadata does not count. */
export function infoValue({ size, metadata }: { readonly size: number; readonly metadata: Metadata }): {
  readonly size: number;
  readonly metadata: readonly (readonly [string, string])[];
} {
  return { size, metadata: Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/** What is compared of a file that was read. */
export function fileValue(
  info: {
    readonly size: number;
    readonly metadata: Metadata;
    readonly range: { readonly start: number; readonly end: number };
  },
  bytes: Uint8Array,
): unknown {
  const { start, end } = info.range;
  const digest = createHash('sha1').update(bytes).digest('hex');
  return { ...infoValue(info), range: { start, end }, length: bytes.byteLength, digest };
}

/** Whether what a store came to is what the model allows. */
export function agrees(allowed: Outcome, found: Outcome): boolean {
  if ('codes' in allowed) return 'codes' in found && found.codes.every((code) => allowed.codes.includes(code));
  return 'value' in found && isDeepStrictEqual(found.value, allowed.value);
}
