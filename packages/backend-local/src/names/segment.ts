import { isDeviceName } from './device-names.ts';

/** Stands for the empty segment, which only `keys: 'any'` can make. */
const emptyName = '%~';

/** Letters, digits and harmless signs, not ending in a dot or space: what nearly every segment is. */
const ordinary = /^[\w\-+=@,;!#$&'()[\]{}^`~ .]*[\w\-+=@,;!#$&'()[\]{}^`~]$/;

/** What Windows refuses in a name, and `%` itself. */
const special = /[%<>:"|?*\\/\p{Cc}\uFFFE\uFFFF]/gu;
const specialOrNotAscii = /[%<>:"|?*\\/\p{Cc}]|[^\p{ASCII}]/gu;

/**
 * The file name of a segment of a key. Ordinary names are themselves. A character that some file system refuses, or
 * changes, is written as its UTF-8 bytes, `%XX`; so is `%`. Hence `%~` is in no encoded name, and is ours to use.
 *
 * Different segments never have the same name, also on a disk that composes Unicode (macOS): only a segment in NFC
 * is written as it is. Names that differ in case only are told apart by the caller, who knows the disk.
 */
export function encodeSegment(segment: string): string {
  if (ordinary.test(segment) && !isDeviceName(segment)) return segment;
  if (segment === '') return emptyName;
  const isComposed = segment.normalize('NFC') === segment;
  return escapeEnds(segment.replace(isComposed ? special : specialOrNotAscii, percent));
}

/** The segment that has this file name; undefined when no segment has it, or only a digest of it is left. */
export function decodeSegment(name: string): string | undefined {
  if (ordinary.test(name) && !isDeviceName(name)) return name;
  if (name === emptyName) return '';
  const segment = unescape(name);
  return segment !== undefined && encodeSegment(segment) === name ? segment : undefined;
}

/** Windows drops a dot or space at the end, and knows devices by name; `.` and `..` are directories everywhere. */
function escapeEnds(name: string): string {
  const kept = name.replace(/[. ]$/, percent);
  return isDeviceName(kept) ? percent(kept.slice(0, 1)) + kept.slice(1) : kept;
}

function percent(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function unescape(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    // A `%` without two digits, or bytes that are no UTF-8: not a name that `encodeSegment` makes.
    return undefined;
  }
}
