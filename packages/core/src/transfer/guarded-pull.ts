import { DriverFault } from '../errors/driver-fault.ts';
import type { Connection } from './connection.ts';

/** Ends a pull for a reason of ours: no other connection helps. */
export class Interruption extends Error {
  readonly fault: DriverFault;

  constructor(fault: DriverFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Pulls from connections, one pull at a time, which the idle timeout and `interrupt` end with an `Interruption`. */
export class GuardedPull {
  readonly #idleTimeoutMs: number;
  readonly #idleTimer: NodeJS.Timeout;
  #reject: ((reason: Interruption) => void) | undefined;

  constructor(idleTimeoutMs: number) {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#idleTimer = setTimeout(() => this.#onIdle(), idleTimeoutMs).unref();
  }

  async from(connection: Connection, target?: Uint8Array): Promise<IteratorResult<Uint8Array, unknown>> {
    // One timer for all pulls; that it fires between them does nothing.
    this.#idleTimer.refresh();
    try {
      return await new Promise((resolve, reject) => {
        this.#reject = reject;
        connection.next(target).then(resolve, reject);
      });
    } finally {
      this.#reject = undefined;
    }
  }

  /** Ends the pull that is pending, if there is one. */
  interrupt(fault: DriverFault): void {
    this.#reject?.(new Interruption(fault));
  }

  dispose(): void {
    clearTimeout(this.#idleTimer);
  }

  #onIdle(): void {
    this.interrupt(new DriverFault('Timeout', `no byte came for ${this.#idleTimeoutMs} ms`, { retryable: 'safe' }));
  }
}
