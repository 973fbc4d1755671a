import type { StorageDriver } from '../driver.ts';

/** Unread bodies of one driver that may keep their connections, well below what pools hold. */
const mostUnread = 32;

/** Gives its connection back; the next pull opens another one. */
export interface Parkable {
  park(): void;
}

const unreadByDriver = new WeakMap<StorageDriver, Set<Parkable>>();

/** Notes that nobody pulls from a body. When too many wait, the one that has waited longest is parked. */
export function startWaiting(driver: StorageDriver, body: Parkable): void {
  let unread = unreadByDriver.get(driver);
  if (unread === undefined) {
    unread = new Set();
    unreadByDriver.set(driver, unread);
  }
  unread.add(body);
  if (unread.size <= mostUnread) return;
  const [longest] = unread;
  longest?.park();
}

/** Notes that a body is read again, or over. */
export function stopWaiting(driver: StorageDriver, body: Parkable): void {
  unreadByDriver.get(driver)?.delete(body);
}
