import type { Capabilities } from './capabilities.ts';
import { describe } from './check.ts';
import {
  encodeMetadata,
  foldMetadataName,
  isReservedMetadataName,
  wireMetadataBytes,
} from './driver-kit/wire-metadata.ts';
import { DriverFault } from './errors/driver-fault.ts';
import { quoteKey } from './errors/message.ts';
import { isRecord } from './record.ts';
import { isWellFormed } from './text.ts';

const namePattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const controlCharacter = /\p{Cc}/u;

/** More than an entry costs besides its name and the base64 of its value: what services count, `=?UTF-8?B?` and `?=`, padding. */
const wordBytes = 64;

/**
 * Metadata to store, exactly as given (contract 41 and 42).
 *
 * @throws DriverFault `InvalidArgument`: a name or value that not every service keeps, or more bytes than this one takes
 */
export function checkMetadata(
  metadata: unknown,
  capabilities: Pick<Capabilities, 'maxMetadataBytes'>,
): Record<string, string> {
  const given = checkRecord(metadata);
  const names = Object.keys(given);
  const checked: Record<string, string> = {};
  for (const name of names) setOwn(checked, name, checkValue(name, given[name]));
  checkNames(names);
  if (mostBytes(names, checked) > capabilities.maxMetadataBytes) checkMetadataSize(checked, capabilities);
  return checked;
}

/** Refuses metadata that is more than the service takes. */
export function checkMetadataSize(
  metadata: Readonly<Record<string, string>>,
  { maxMetadataBytes }: Pick<Capabilities, 'maxMetadataBytes'>,
): void {
  const bytes = metadataBytes(metadata);
  if (bytes <= maxMetadataBytes) return;
  throw invalid(
    `the metadata has ${bytes} bytes as it is stored, the limit is ${maxMetadataBytes}`,
    'names, encoded values and 11 bytes for each entry count',
  );
}

/**
 * Bytes that metadata costs on the wire that needs most, where every spelling but a lower-case identifier is lost:
 * hidden entries included, the ownership token not.
 */
export function metadataBytes(metadata: Readonly<Record<string, string>>): number {
  return wireMetadataBytes(encodeMetadata({ metadata }, 'identifier'));
}

/** What `metadataBytes` cannot exceed, found without encoding: every name hidden as well, every value in base64. */
function mostBytes(names: readonly string[], metadata: Readonly<Record<string, string>>): number {
  let most = wordBytes;
  for (const name of names) most += 2 * name.length + 4 * (metadata[name]?.length ?? 0) + wordBytes;
  return most;
}

/**
 * Metadata after a change: a string sets, `null` removes; a name in another spelling is the same name.
 *
 * @param replace starts from nothing instead of `current`
 * @throws DriverFault `InvalidArgument` for what the patch may not hold; `current` is taken as the service gave it
 */
export function mergeMetadata(
  current: Readonly<Record<string, string>>,
  patch: unknown,
  replace: boolean,
): Record<string, string> {
  const changes = Object.entries(checkRecord(patch));
  checkNames(changes.map(([name]) => name));
  const changed = new Set(changes.map(([name]) => foldMetadataName(name)));
  const kept = replace ? [] : Object.entries(current).filter(([name]) => !changed.has(foldMetadataName(name)));
  const set = changes.flatMap(([name, value]) => (value === null ? [] : [[name, checkValue(name, value)] as const]));
  return Object.fromEntries([...kept, ...set]);
}

function checkRecord(metadata: unknown): Readonly<Record<string, unknown>> {
  if (isRecord(metadata)) return metadata;
  throw invalid(`metadata must be an object of strings, not ${describe(metadata)}`);
}

/** An assignment, but for a name that means something to every object: `__proto__` is a name as any other. */
function setOwn(record: Record<string, string>, name: string, value: string): void {
  if (name in record)
    Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
  else record[name] = value;
}

function checkNames(names: readonly string[]): void {
  const seen = names.length > 1 ? new Map<string, string>() : undefined;
  for (const name of names) {
    if (!namePattern.test(name)) {
      throw invalid(
        `the metadata name ${quoteKey(name)} must begin with a letter or "_" and go on with letters, digits, "_" or "-"`,
      );
    }
    const folded = foldMetadataName(name);
    if (isReservedMetadataName(name)) throw invalid(`the metadata name ${quoteKey(name)} is reserved; use another one`);
    const twin = seen?.get(folded);
    if (twin !== undefined) {
      throw invalid(
        `the metadata names ${quoteKey(twin)} and ${quoteKey(name)} are one name to some services`,
        'case, "-" and "_" do not tell names apart',
      );
    }
    seen?.set(folded, name);
  }
}

function checkValue(name: string, value: unknown): string {
  if (typeof value !== 'string') {
    const hint = typeof value === 'number' || typeof value === 'boolean' ? 'String(value) makes it one' : undefined;
    throw invalid(`the metadata value of ${quoteKey(name)} must be a string, not ${describe(value)}`, hint);
  }
  if (!isWellFormed(value)) throw invalid(`the metadata value of ${quoteKey(name)} has half of a surrogate pair`);
  if (controlCharacter.test(value)) {
    throw invalid(`the metadata value of ${quoteKey(name)} has a control character`, 'a line break, for example');
  }
  return value;
}

function invalid(message: string, hint?: string): DriverFault {
  return new DriverFault('InvalidArgument', message, hint === undefined ? {} : { hint });
}
