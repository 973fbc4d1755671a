import type { CallContext } from '../driver.ts';
import type { CallState } from './call-state.ts';

type OnAbort = (reason: unknown) => void;

/** What a driver is given with an attempt: signal and functions are made for those who ask for them. */
export class AttemptContext implements CallContext {
  readonly attempt: number;
  readonly #call: CallState;
  #aborted: { readonly reason: unknown } | undefined;
  #controller: AbortController | undefined;
  #callbacks: OnAbort[] | undefined;

  constructor(call: CallState, attempt: number) {
    this.attempt = attempt;
    this.#call = call;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
    }
    return this.#controller.signal;
  }

  /** A function of its own, for drivers that take it out of the context. */
  get progressed(): () => void {
    const call = this.#call;
    return () => {
      call.lastAt = performance.now();
    };
  }

  onAbort(callback: OnAbort): void {
    if (this.#aborted === undefined) (this.#callbacks ??= []).push(callback);
    else callback(this.#aborted.reason);
  }

  get aborted(): { readonly reason: unknown } | undefined {
    return this.#aborted;
  }

  abort(reason: unknown): void {
    this.#aborted = { reason };
    this.#controller?.abort(reason);
    const callbacks = this.#callbacks ?? [];
    this.#callbacks = undefined;
    for (const callback of callbacks) tell(callback, reason);
  }
}

/** What a callback throws is nobody's answer, and must keep no other from hearing: as from a listener on a signal, it is uncaught. */
function tell(callback: OnAbort, reason: unknown): void {
  try {
    callback(reason);
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
