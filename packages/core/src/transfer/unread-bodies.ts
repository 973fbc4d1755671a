import type { StorageDriver } from '../driver.ts';

/** Unread bodies of one driver that may keep their connections, well below what pools hold. */
const mostUnread = 32;
/** How long a body that nobody pulls from keeps its connection, in milliseconds. */
const parkAfterMs = 10_000;

/** Gives its connection back; the next pull opens another one. */
export interface Parkable {
  park(): void;
}

/** The unread bodies of one driver, with one timer for all: it is armed for the one that has waited longest. */
class UnreadBodies {
  /** Since when, by `performance.now()`; in that order. */
  readonly #since = new Map<Parkable, number>();
  #timer: NodeJS.Timeout | undefined;

  add(body: Parkable): void {
    this.#since.set(body, performance.now());
    if (this.#timer === undefined) this.#arm(parkAfterMs);
    if (this.#since.size <= mostUnread) return;
    const [longest] = this.#since.keys();
    longest?.park();
  }

  remove(body: Parkable): void {
    this.#since.delete(body);
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#onTimer(), Math.ceil(ms)).unref();
  }

  #onTimer(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [body, since] of this.#since) {
      const left = since + parkAfterMs - now;
      // Timers may be early by less than a millisecond.
      if (left > 1) {
        this.#arm(left);
        return;
      }
      body.park();
    }
  }
}

const unreadByDriver = new WeakMap<StorageDriver, UnreadBodies>();

/** Notes that nobody pulls from a body. It is parked after a while; when too many wait, the one that has waited longest is. */
export function startWaiting(driver: StorageDriver, body: Parkable): void {
  let unread = unreadByDriver.get(driver);
  if (unread === undefined) {
    unread = new UnreadBodies();
    unreadByDriver.set(driver, unread);
  }
  unread.add(body);
}

/** Notes that a body is read again, or over. */
export function stopWaiting(driver: StorageDriver, body: Parkable): void {
  unreadByDriver.get(driver)?.remove(body);
}
