/** Something that is given up when nothing of it moves for too long. */
export interface Watched {
  /** When it last got on, by `performance.now()`. */
  lastAt(): number;
  /** Whether it waits for the caller, who may be as slow as he likes. */
  waitsForCaller(): boolean;
  /** Called once; it is not watched any more then. */
  onIdle(): void;
  /** Neighbours, for the watch alone. */
  before: Watched | undefined;
  after: Watched | undefined;
}

/**
 * One idle timeout for everything that a backend waits for. As all have the same time, the timer that the first armed is
 * due before any later one: it goes on from there, and a request costs two links in a list instead of a timer.
 */
export class IdleWatch {
  readonly idleTimeoutMs: number;
  #first: Watched | undefined;
  #last: Watched | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isQuiet = false;
  #mayStop = false;

  constructor(idleTimeoutMs: number) {
    this.idleTimeoutMs = idleTimeoutMs;
  }

  add(watched: Watched): void {
    watched.before = this.#last;
    if (this.#last === undefined) this.#first = watched;
    else this.#last.after = watched;
    this.#last = watched;
    if (this.#timer === undefined) this.#arm(this.idleTimeoutMs);
    else if (this.#isQuiet) this.#wake();
  }

  /** Does nothing when it is not watched, or not any more. */
  remove(watched: Watched): void {
    const { before, after } = watched;
    if (before === undefined && this.#first !== watched) return;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    watched.before = undefined;
    watched.after = undefined;
    if (this.#first === undefined) this.#stopSoon();
  }

  /** Not at once: who calls one after the other begins the next call before this turn of the event loop is over. */
  #stopSoon(): void {
    if (this.#mayStop) return;
    this.#mayStop = true;
    process.nextTick(stopUnlessUsed, this);
  }

  /** Leaves no timer behind when nothing is watched. */
  stopUnlessUsed(): void {
    this.#mayStop = false;
    if (this.#first !== undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(ms: number): void {
    this.#isQuiet = false;
    this.#timer = setTimeout(() => this.#onTimer(), Math.ceil(ms));
  }

  #wake(): void {
    this.#isQuiet = false;
    this.#timer?.ref();
  }

  #onTimer(): void {
    this.#timer = undefined;
    const now = performance.now();
    const idle: Watched[] = [];
    let soonest = Infinity;
    let isQuiet = true;
    for (let watched = this.#first; watched !== undefined; watched = watched.after) {
      const waits = watched.waitsForCaller();
      const left = waits ? this.idleTimeoutMs : this.idleTimeoutMs - (now - watched.lastAt());
      if (left > 1) {
        soonest = Math.min(soonest, left);
        isQuiet &&= waits;
      } else idle.push(watched);
    }
    for (const watched of idle) this.remove(watched);
    if (soonest !== Infinity) this.#arm(soonest);
    // A source that was dropped never answers: waiting for it must not keep the process alive.
    if (soonest !== Infinity && isQuiet) this.#rest();
    // Last, since whoever hears of it may begin other work.
    for (const watched of idle) watched.onIdle();
  }

  #rest(): void {
    this.#isQuiet = true;
    this.#timer?.unref();
  }
}

function stopUnlessUsed(watch: IdleWatch): void {
  watch.stopUnlessUsed();
}
