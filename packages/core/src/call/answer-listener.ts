/** Who asked a driver. */
export interface Asker {
  onAnswer(answer: unknown): void;
  onError(error: unknown): void;
}

/** As many as a busy backend has requests under way. */
const mostSpare = 256;
const spare: AnswerListener[] = [];

/**
 * The two functions that a promise calls, for one asker after the other. Most askers have their answer at once, and to
 * make two functions for each would be the larger part of what a request costs.
 */
class AnswerListener {
  #asker: Asker | undefined;

  readonly onAnswer = (answer: unknown): void => {
    this.#release()?.onAnswer(answer);
  };

  readonly onError = (error: unknown): void => {
    this.#release()?.onError(error);
  };

  listen(promise: Promise<unknown>, asker: Asker): void {
    this.#asker = asker;
    // Neither function throws, and so this promise does not reject.
    void promise.then(this.onAnswer, this.onError);
  }

  /** A promise calls one of the two, once: then both are free. */
  #release(): Asker | undefined {
    const asker = this.#asker;
    this.#asker = undefined;
    if (spare.length < mostSpare) spare.push(this);
    return asker;
  }
}

/** Tells the asker what becomes of a promise. */
export function listen(promise: Promise<unknown>, asker: Asker): void {
  (spare.pop() ?? new AnswerListener()).listen(promise, asker);
}
