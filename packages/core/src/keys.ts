import type { Capabilities } from './capabilities.ts';
import { DriverFault } from './errors/driver-fault.ts';
import { quoteKey } from './errors/message.ts';
import { isWellFormed, utf8Length } from './text.ts';

/** What a key is for: the portable grammar binds writes, everything else takes what the service can hold. */
type KeyUse = 'write' | 'read';

type KeyCapabilities = Pick<Capabilities, 'keyGrammar' | 'maxKeyBytes'>;

/** The longest key that any service holds; nothing longer is a beginning of one. */
const maxPrefixBytes = 1024;

const maxSegmentBytes = 255;

/** A UTF-16 unit is at most three bytes of UTF-8: shorter keys need no look at their segments' length. */
const surelyShortSegments = Math.floor(maxSegmentBytes / 3);

const forbiddenCharacter = /[\p{Cc}\uFFFE\uFFFF]/u;

/** Finds a segment that is empty, `.` or `..`; the ends of the key count as slashes. */
const oddSegment = /(?:^|\/)(\.{0,2})(?=\/|$)/;

/**
 * The key, if it may be used so (contract 1 to 3). Nothing is trimmed, folded, normalised or decoded.
 *
 * @param anyKey the backend's `keys: 'any'`: writes too take every key that the service can hold
 * @throws DriverFault `InvalidArgument` when it is no string, `InvalidKey` with the rule that it breaks
 */
export function checkKey(key: unknown, use: KeyUse, capabilities: KeyCapabilities, anyKey = false): string {
  if (typeof key !== 'string') throw notAString('key', key);
  if (key === '') throw invalid('a key has at least one character');
  checkCharacters('key', key);
  checkLength('key', key, capabilities.maxKeyBytes);

  if (use === 'write' && !anyKey) checkPortable(key, capabilities.keyGrammar);
  else if (capabilities.keyGrammar === 'portable') checkUnambiguous(key);
  return key;
}

/**
 * A prefix or `startAfter`: any beginning of a key, `''` included.
 *
 * @param name how the message calls it
 */
export function checkPrefix(prefix: unknown, name = 'prefix'): string {
  if (typeof prefix !== 'string') throw notAString(name, prefix);
  checkCharacters(name, prefix);
  checkLength(name, prefix, maxPrefixBytes);
  return prefix;
}

function checkCharacters(name: string, text: string): void {
  if (!isWellFormed(text)) {
    throw invalid(`the ${name} has half of a surrogate pair, which no encoding can store`, 'check where it was cut');
  }
  const found = forbiddenCharacter.exec(text);
  if (found === null) return;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  throw invalid(`the ${name} has U+${code} at index ${found.index}; control characters, U+FFFE and U+FFFF are refused`);
}

function checkLength(name: string, text: string, maxBytes: number): void {
  if (text.length * 3 <= maxBytes) return;
  const bytes = utf8Length(text);
  if (bytes > maxBytes) throw invalid(`the ${name} has ${bytes} bytes in UTF-8, the limit is ${maxBytes}`);
}

/** Contract 2: what every service keeps apart, and nothing rewrites. */
function checkPortable(key: string, grammar: Capabilities['keyGrammar']): void {
  const hint = grammar === 'any' ? "the option keys: 'any' allows it on this backend" : undefined;
  if (key.startsWith('/')) throw invalid('a key does not begin with "/"', hint ?? `write ${quoteKey(key.slice(1))}`);
  if (key.endsWith('/')) throw invalid('a key does not end with "/": folders come and go with their files', hint);
  if (key.includes('\\')) throw invalid('a key has no backslash', hint ?? 'segments are separated by "/"');
  checkSegments(key, hint);
}

/** What a service that holds portable keys only would refuse or store under another name; markers may end in `/`. */
function checkUnambiguous(key: string): void {
  if (key.startsWith('/')) throw invalid('this service drops a "/" at the beginning and would use another key');
  checkSegments(key.endsWith('/') ? key.slice(0, -1) : key);
}

function checkSegments(key: string, hint?: string): void {
  const odd = oddSegment.exec(key);
  if (odd !== null) {
    const segment = odd[1] ?? '';
    throw invalid(segment === '' ? 'a key has no empty segment ("//")' : `a key has no segment "${segment}"`, hint);
  }
  if (key.length <= surelyShortSegments) return;
  for (const segment of key.split('/')) {
    if (segment.length <= surelyShortSegments) continue;
    const bytes = utf8Length(segment);
    if (bytes <= maxSegmentBytes) continue;
    throw invalid(`the segment ${quoteKey(segment.slice(0, 40))}… has ${bytes} bytes in UTF-8, the limit is 255`, hint);
  }
}

function notAString(name: string, value: unknown): DriverFault {
  return new DriverFault(
    'InvalidArgument',
    `the ${name} must be a string, not ${value === null ? 'null' : typeof value}`,
  );
}

function invalid(message: string, hint?: string): DriverFault {
  return new DriverFault('InvalidKey', message, hint === undefined ? {} : { hint });
}
