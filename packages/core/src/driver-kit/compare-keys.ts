/** Order of two keys: negative, zero or positive. */
export type CompareKeys = (a: string, b: string) => number;

/** By code points, which is the order of the UTF-8 bytes (list order `utf8`). */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** By UTF-16 code units, which is the order of JavaScript's own `<` (list order `utf16`). */
export function compareUtf16(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

// Code units sort as code points do, but for surrogates: they stand for U+10000 and above, and so come after U+FFFF.
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
