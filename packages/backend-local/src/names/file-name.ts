import { createHash } from 'node:crypto';
import { decodeSegment, encodeSegment } from './segment.ts';

/** The longest name that file systems take, in bytes of UTF-8. */
const maxNameBytes = 255;
/** How much of a name is kept readable in front of its digest. */
const readableBytes = 160;

/** The name of a segment in a tree that appends `suffix`; one that would be too long is cut, and has a digest instead. */
export function fileName(segment: string, suffix = ''): string {
  const name = encodeSegment(segment);
  if (name.length * 3 + suffix.length <= maxNameBytes) return name + suffix;
  if (Buffer.byteLength(name) + suffix.length <= maxNameBytes) return name + suffix;
  return `${beginning(name)}%~${digest(segment)}${suffix}`;
}

/** Whether a name has a digest for an end: then the key is in its record only. */
export function isDigestName(name: string): boolean {
  return /%~[0-9a-f]{32}$/.test(name);
}

/** The segment of a name without suffix; undefined for digests, and for names that no segment has. */
export function segmentOf(name: string): string | undefined {
  // macOS may give a name back decomposed; what is not ASCII in ours is always composed.
  return decodeSegment(process.platform === 'darwin' ? name.normalize('NFC') : name);
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function beginning(name: string): string {
  let kept = '';
  let bytes = 0;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > readableBytes) break;
    kept += character;
  }
  // Half an escape would not be one.
  return kept.replace(/%[0-9A-F]?$/, '');
}
