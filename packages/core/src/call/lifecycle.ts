import type { StorageDriver } from '../driver.ts';
import { DriverFault } from '../errors/driver-fault.ts';

/** Opens a driver once, on first use, and closes it once. */
export interface Lifecycle {
  readonly closed: boolean;
  /** Resolves when the driver is open; after a failure the next call tries again. Undefined: it is open already. */
  opened(): Promise<void> | undefined;
  close(): Promise<void>;
}

/** The refusal of everything that comes after `close`. */
export function closedFault(): DriverFault {
  return new DriverFault('Closed', 'this backend was closed; create a new one');
}

/** @param below of the backend that a view looks at: when that is closed, so is the view */
export function createLifecycle(driver: StorageDriver, below?: Lifecycle): Lifecycle {
  let opening: Promise<void> | undefined;
  let closing: Promise<void> | undefined;
  let isOpen = false;

  async function open(): Promise<void> {
    try {
      await driver.open({ signal: new AbortController().signal, attempt: 1 });
      isOpen = true;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  }

  async function shut(): Promise<void> {
    if (opening === undefined) return;
    // A driver that could not open has nothing to close; whoever waited for it has the error.
    const usable = await opening.then(
      () => true,
      () => false,
    );
    if (usable) await driver.close();
  }

  function isClosed(): boolean {
    return closing !== undefined || below?.closed === true;
  }

  return {
    get closed() {
      return isClosed();
    },
    opened() {
      if (isClosed()) throw closedFault();
      if (isOpen) return undefined;
      opening ??= open();
      return opening;
    },
    close() {
      closing ??= shut();
      return closing;
    },
  };
}
