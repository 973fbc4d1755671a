import { decodeValue, encodeValue } from './encoded-word.ts';

/**
 * What a service lets a metadata name be: a part of an HTTP header (`header`: S3), or an identifier (`identifier`:
 * Azure). Neither keeps names apart by case, and both give them back in lower case.
 */
export type MetadataWire = 'header' | 'identifier';

/** Metadata as the user gave it, and the token that is stored beside it. */
export interface StoredMetadata {
  readonly metadata: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
}

// Entries of our own. Short: services count them.
const namesEntry = 'storage-names';
const tokenEntry = 'storage-token';
// SDKs collect headers into plain objects, where an entry `__proto__` is lost.
const protoEntry = 'storage-proto';
const tokenEntryOn = { header: tokenEntry, identifier: forWire(tokenEntry, 'identifier') } as const;
const namesEntryOn = { header: namesEntry, identifier: forWire(namesEntry, 'identifier') } as const;
const hidden: ReadonlySet<string> = new Set([namesEntry, tokenEntry, protoEntry]);

/** Equal for exactly the names that a service may not keep apart. */
export function foldMetadataName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** Whether a name is that of an entry of our own, in any spelling. */
export function isReservedMetadataName(name: string): boolean {
  return hidden.has(foldMetadataName(name));
}

/** Σ(name + value + 11) of encoded metadata, in bytes: 11 for the prefix that S3 services count with every name. */
export function wireMetadataBytes(encoded: Readonly<Record<string, string>>): number {
  return Object.entries(encoded).reduce((sum, [name, value]) => sum + name.length + value.length + 11, 0);
}

/**
 * Metadata as a service stores it, so that names and values come back as they were sent and other tools can read them.
 * A spelling that the wire loses is kept in one hidden entry; a value that a header would change (not ASCII, empty, a
 * space at an end) becomes a MIME encoded word.
 *
 * @example
 * encodeMetadata({ metadata: { jobId: '456', title: 'Für' } }, 'header');
 * // { jobid: '456', title: '=?UTF-8?Q?F=C3=BCr?=', 'storage-names': 'jobId' }
 */
export function encodeMetadata({ metadata, token }: StoredMetadata, wire: MetadataWire): Record<string, string> {
  const lost = Object.keys(metadata).filter((name) => nameFromWire(wireName(name, wire)) !== name);
  const entries = Object.entries(metadata).map(([name, value]) => [wireName(name, wire), encodeValue(value)]);
  if (lost.length > 0) entries.push([forWire(namesEntry, wire), lost.join(',')]);
  if (token !== undefined) entries.push([forWire(tokenEntry, wire), token]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The inverse of `encodeMetadata`. What another tool wrote comes back as it wrote it, its names in lower case. */
export function decodeMetadata(
  stored: Readonly<Record<string, string>> | undefined,
  wire: MetadataWire,
): { readonly metadata: Record<string, string>; readonly token?: string } {
  let token: string | undefined;
  let spelled: string | undefined;
  const found: [name: string, value: string][] = [];
  for (const given of Object.keys(stored ?? {})) {
    const name = given.toLowerCase();
    const value = stored?.[given] ?? '';
    if (name === tokenEntryOn[wire]) token = value;
    else if (name === namesEntryOn[wire]) spelled = value;
    else found.push([name, value]);
  }
  const metadata = found.length === 0 ? {} : named(found, spelled, wire);
  return token === undefined ? { metadata } : { metadata, token };
}

function named(
  found: readonly (readonly [name: string, value: string])[],
  spelled: string | undefined,
  wire: MetadataWire,
): Record<string, string> {
  const spellings = new Map(spelled?.split(',').map((name) => [wireName(name, wire), name]));
  return Object.fromEntries(
    found.map(([name, value]) => [spellings.get(name) ?? nameFromWire(name), decodeValue(value)]),
  );
}

function wireName(name: string, wire: MetadataWire): string {
  if (foldMetadataName(name) === '--proto--') return forWire(protoEntry, wire);
  return forWire(name.toLowerCase(), wire);
}

/** The name that comes back where no spelling is kept. */
function nameFromWire(name: string): string {
  return foldMetadataName(name) === protoEntry ? '__proto__' : name.toLowerCase();
}

function forWire(name: string, wire: MetadataWire): string {
  return wire === 'header' ? name : name.replaceAll('-', '_');
}
