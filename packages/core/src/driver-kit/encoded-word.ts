// MIME encoded words (RFC 2047) are how S3 itself shows a header value that is not ASCII, so other tools know them.
const word = /^=\?utf-8\?([bq])\?([^? ]*)\?=$/i;
const asIs = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A value that every header keeps as it is: itself, or an encoded word where a header would change it. */
export function encodeValue(value: string): string {
  // What reads like an encoded word is encoded as well, or it would be decoded on its way back.
  if (asIs.test(value) && decodeValue(value) === value) return value;
  const bytes = Buffer.from(value, 'utf8');
  const base64 = bytes.toString('base64');
  const quoted = toQuoted(bytes);
  return quoted.length <= base64.length ? `=?UTF-8?Q?${quoted}?=` : `=?UTF-8?B?${base64}?=`;
}

/** The value behind one or several encoded words; anything else, as another tool may have written it, is kept. */
export function decodeValue(value: string): string {
  if (!value.startsWith('=?')) return value;
  const pieces: Buffer[] = [];
  for (const part of value.split(' ')) {
    const [, encoding, text] = word.exec(part) ?? [];
    if (encoding === undefined || text === undefined) return value;
    const bytes = encoding.toLowerCase() === 'b' ? fromBase64(text) : fromQuoted(text);
    if (bytes === undefined) return value;
    pieces.push(bytes);
  }
  try {
    return utf8.decode(Buffer.concat(pieces));
  } catch {
    // Not UTF-8: somebody else's value that only looks like ours.
    return value;
  }
}

function toQuoted(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) text += quotedByte(byte);
  return text;
}

function quotedByte(byte: number): string {
  if (byte === 0x20) return '_';
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9!*+/-]/.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function fromQuoted(text: string): Buffer | undefined {
  if (!/^(?:=[0-9A-Fa-f]{2}|[\x21-\x3c\x3e\x40-\x7e])*$/.test(text)) return undefined;
  const latin1 = text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(latin1, 'latin1');
}

function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
