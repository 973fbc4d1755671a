import { isWellFormed } from '../text.ts';

/**
 * How metadata names travel: in `header`s, where case is lost; as `identifier`s in headers (Azure), where `-` is
 * refused as well.
 */
export type MetadataWire = 'header' | 'identifier';

/** Names of the entries that are ours, by wire: users neither see nor set them. */
export const hiddenNames: Readonly<Record<MetadataWire, { readonly token: string; readonly spelling: string }>> = {
  // No `_` in headers: proxies are known to drop such headers.
  header: { token: 'storage-token', spelling: 'storage-names' },
  identifier: { token: 'storage_token', spelling: 'storage_names' },
};

/** Marks a value that could not travel as it is; the form that HTTP itself uses for parameters (RFC 8187). */
const mark = "utf-8''";
const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Metadata as a service stores it: names as other tools expect them, values in ASCII. A spelling that the wire loses is
 * kept in one hidden entry, the ownership token in another.
 *
 * @example
 * encodeMetadata({ jobId: '7', title: 'für' }, 'header');
 * // { jobid: '7', title: "utf-8''f%C3%BCr", 'storage-names': 'jobId' }
 */
export function encodeMetadata(
  metadata: Readonly<Record<string, string>>,
  wire: MetadataWire,
  token?: string,
): Record<string, string> {
  const entries = Object.entries(metadata).map(([name, value]) => [wireName(name, wire), encodeValue(value)] as const);
  const respelled = Object.keys(metadata).filter((name) => wireName(name, wire) !== name);
  const { token: tokenName, spelling } = hiddenNames[wire];
  return Object.fromEntries([
    ...entries,
    ...(respelled.length === 0 ? [] : [[spelling, respelled.join(',')] as const]),
    ...(token === undefined ? [] : [[tokenName, token] as const]),
  ]);
}

/** Undoes `encodeMetadata`. What another tool wrote is returned as the service gives it. */
export function decodeMetadata(
  stored: Readonly<Record<string, string>>,
  wire: MetadataWire,
): { readonly metadata: Record<string, string>; readonly token: string | undefined } {
  const { token: tokenName, spelling } = hiddenNames[wire];
  // Listings of some services keep the case in which another tool wrote a name.
  const lowered = new Map(Object.entries(stored).map(([name, value]) => [name.toLowerCase(), value]));
  const spellings = new Map((lowered.get(spelling) ?? '').split(',').map((name) => [wireName(name, wire), name]));
  const entries = [...lowered].flatMap(([name, value]) =>
    name === tokenName || name === spelling ? [] : [[spellings.get(name) ?? name, decodeValue(value)] as const],
  );
  return { metadata: Object.fromEntries(entries), token: lowered.get(tokenName) };
}

/** The name under which a service stores a metadata name. */
export function wireName(name: string, wire: MetadataWire): string {
  const lower = name.toLowerCase();
  return wire === 'identifier' ? lower.replaceAll('-', '_') : lower;
}

/** Services trim and collapse spaces, drop empty values, and mangle or refuse what is not ASCII. */
function encodeValue(value: string): string {
  const travels = plain.test(value) && !value.includes('  ') && !value.startsWith(mark);
  if (travels) return value;
  const inner = value.replaceAll(/[^\x20-\x7e]+|%|^ | $|(?<= ) /gu, (part) => encodeURIComponent(part));
  return mark + inner;
}

/** Only what `encodeValue` would write is undone, so that a look-alike from another tool stays what it is. */
function decodeValue(value: string): string {
  if (!value.startsWith(mark)) return value;
  try {
    const decoded = decodeURIComponent(value.slice(mark.length));
    return isWellFormed(decoded) && encodeValue(decoded) === value ? decoded : value;
  } catch {
    // No percent-encoding at all.
    return value;
  }
}
