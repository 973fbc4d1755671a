import type { Layer } from '@storage/core/driver';
import type { MemoryStoreOptions } from '@storage/core/memory';

/** A driver that breaks one promise, and the case that must notice. */
export interface BrokenDriver {
  /** What it does wrong. */
  readonly name: string;
  /** The case that catches it: its number, with its letter. */
  readonly caughtBy: string;
  /** Makes a sound driver wrong. */
  readonly layer: Layer;
  /** What the store is like, where that decides whether the driver meets its mistake. */
  readonly store?: MemoryStoreOptions;
}
