/** The parts of a file that is downloaded: who takes which, and which are done. */
export class PartGrid {
  readonly size: number;
  readonly partSize: number;
  readonly count: number;
  readonly #taken: Set<number>;
  readonly #done: Set<number>;
  #high: number;

  constructor(size: number, partSize: number, done: readonly number[] = []) {
    this.size = size;
    this.partSize = partSize;
    this.count = Math.ceil(size / partSize);
    this.#done = new Set(done.filter((part) => part < this.count));
    this.#taken = new Set(this.#done);
    this.#high = this.count - 1;
  }

  get done(): readonly number[] {
    return [...this.#done].sort((a, b) => a - b);
  }

  get doneBytes(): number {
    let bytes = 0;
    for (const part of this.#done) bytes += this.endOf(part) - this.startOf(part);
    return bytes;
  }

  /** Parts that nobody has taken. */
  get left(): number {
    return this.count - this.#taken.size;
  }

  /** Takes one part, if nobody has. */
  take(part: number): boolean {
    if (part >= this.count || this.#taken.has(part)) return false;
    this.#taken.add(part);
    return true;
  }

  /** From the end, so that a stream that reads from the start meets the others as late as possible. */
  takeLast(): number | undefined {
    while (this.#high >= 0) if (this.take(this.#high--)) return this.#high + 1;
    return undefined;
  }

  finish(part: number): void {
    this.#done.add(part);
  }

  startOf(part: number): number {
    return part * this.partSize;
  }

  endOf(part: number): number {
    return Math.min(this.size, (part + 1) * this.partSize);
  }
}
