/**
 * CRC-64/NVME, which S3 stores by default and Azure calls CRC-64. JavaScript has no 64-bit integers that are fast, so
 * the register is two 32-bit halves, and eight table look-ups take eight bytes at once.
 */
const polynomialHigh = 0x9a6c9329;
const polynomialLow = 0xac4bc9b5;

interface Tables {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

let tables: Tables | undefined;

/** Row `n` (256 entries each) says what a byte does to the register when `n` more bytes follow it. */
function makeTables(): Tables {
  const high = new Int32Array(8 * 256);
  const low = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let h = 0;
    let l = byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry === 1) {
        h ^= polynomialHigh;
        l ^= polynomialLow;
      }
    }
    high[byte] = h;
    low[byte] = l;
  }
  for (let i = 256; i < high.length; i++) {
    const h = high[i - 256] as number;
    const l = low[i - 256] as number;
    high[i] = (h >>> 8) ^ (high[l & 0xff] as number);
    low[i] = ((l >>> 8) | (h << 24)) ^ (low[l & 0xff] as number);
  }
  return { high, low };
}

/** A CRC-64/NVME of bytes that come in chunks. */
export class Crc64Nvme {
  #high = -1;
  #low = -1;

  update(bytes: Uint8Array): void {
    tables ??= makeTables();
    const { high, low } = tables;
    let h = this.#high;
    let l = this.#low;
    let i = 0;
    const lastEight = bytes.length - 8;
    for (; i <= lastEight; i += 8) {
      const a = l ^ word(bytes, i);
      const b = h ^ word(bytes, i + 4);
      const i0 = 0x700 | (a & 0xff);
      const i1 = 0x600 | ((a >>> 8) & 0xff);
      const i2 = 0x500 | ((a >>> 16) & 0xff);
      const i3 = 0x400 | (a >>> 24);
      const i4 = 0x300 | (b & 0xff);
      const i5 = 0x200 | ((b >>> 8) & 0xff);
      const i6 = 0x100 | ((b >>> 16) & 0xff);
      const i7 = b >>> 24;
      h =
        at(high, i0) ^
        at(high, i1) ^
        at(high, i2) ^
        at(high, i3) ^
        at(high, i4) ^
        at(high, i5) ^
        at(high, i6) ^
        at(high, i7);
      l = at(low, i0) ^ at(low, i1) ^ at(low, i2) ^ at(low, i3) ^ at(low, i4) ^ at(low, i5) ^ at(low, i6) ^ at(low, i7);
    }
    for (; i < bytes.length; i++) {
      const index = (l ^ (bytes[i] as number)) & 0xff;
      l = ((l >>> 8) | (h << 24)) ^ at(low, index);
      h = (h >>> 8) ^ at(high, index);
    }
    this.#high = h;
    this.#low = l;
  }

  hex(): string {
    return hex32(~this.#high) + hex32(~this.#low);
  }
}

function word(bytes: Uint8Array, i: number): number {
  return (
    (bytes[i] as number) |
    ((bytes[i + 1] as number) << 8) |
    ((bytes[i + 2] as number) << 16) |
    ((bytes[i + 3] as number) << 24)
  );
}

function at(table: Int32Array, index: number): number {
  return table[index] as number;
}

function hex32(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
