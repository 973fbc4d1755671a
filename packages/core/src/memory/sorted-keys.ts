import { compareUtf8 } from '../driver-kit/compare-keys.ts';

/** A set of keys that is always in code-point order. */
export class SortedKeys {
  readonly inOrder: string[] = [];

  add(key: string): void {
    const at = this.firstNot((other) => compareUtf8(other, key) < 0);
    if (this.inOrder[at] !== key) this.inOrder.splice(at, 0, key);
  }

  delete(key: string): void {
    const at = this.firstNot((other) => compareUtf8(other, key) < 0);
    if (this.inOrder[at] === key) this.inOrder.splice(at, 1);
  }

  /** Index of the first key that fails `test`, which must hold for all keys before it and for none after it. */
  firstNot(test: (key: string) => boolean): number {
    let low = 0;
    let high = this.inOrder.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (test(this.inOrder[middle] as string)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
