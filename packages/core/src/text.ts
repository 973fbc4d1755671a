const loneSurrogate = /\p{Cs}/u;

/** Whether a string has no half of a surrogate pair, which every encoding would replace. */
export function isWellFormed(text: string): boolean {
  return !loneSurrogate.test(text);
}

/** Bytes of a string in UTF-8. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
