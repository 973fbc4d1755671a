import type { IdleWatch, Watched } from '../call/idle-watch.ts';
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

type Reject = (reason: unknown) => void;

/** Pulls from connections, one pull at a time, which the idle timeout and `interrupt` end with an `Interruption`. */
export class GuardedPull implements Watched {
  before: Watched | undefined;
  after: Watched | undefined;
  readonly #idle: IdleWatch;
  #startedAt = 0;
  #reject: Reject | undefined;

  constructor(idle: IdleWatch) {
    this.#idle = idle;
  }

  from(connection: Connection, target?: Uint8Array): Promise<IteratorResult<Uint8Array, unknown>> {
    return new Promise((resolve, reject) => {
      this.#startedAt = performance.now();
      this.#reject = reject;
      this.#idle.add(this);
      const fail = (error: unknown): void => {
        this.#end(reject);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the driver's own error, whatever it is
        reject(error);
      };
      try {
        connection.next(target).then((result) => {
          this.#end(reject);
          resolve(result);
        }, fail);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Ends the pull that is pending, if there is one. */
  interrupt(fault: DriverFault): void {
    const reject = this.#reject;
    if (reject === undefined) return;
    this.#end(reject);
    reject(new Interruption(fault));
  }

  lastAt(): number {
    return this.#startedAt;
  }

  waitsForCaller(): boolean {
    return false;
  }

  onIdle(): void {
    const message = `no byte came for ${this.#idle.idleTimeoutMs} ms`;
    this.interrupt(new DriverFault('Timeout', message, { retryable: 'safe' }));
  }

  /** Ends the pull that `reject` is of, unless it was interrupted before. */
  #end(reject: Reject): void {
    if (this.#reject !== reject) return;
    this.#reject = undefined;
    this.#idle.remove(this);
  }
}
