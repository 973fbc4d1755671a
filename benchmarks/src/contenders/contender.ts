import type { Readable } from 'node:stream';
import type { Store } from '../services/store.ts';

/** One library over one store. What it has no way to do is absent, and its row stays empty. */
export interface Contender {
  save(key: string, bytes: Uint8Array): Promise<unknown>;
  /** The whole body, which is compared with what was saved. */
  retrieve(key: string): Promise<Uint8Array>;
  exists(key: string): Promise<boolean>;
  delete(key: string): Promise<unknown>;
  /** The length of the stream is not told. */
  saveStream?(key: string, source: Readable): Promise<unknown>;
  /** The length of the stream is told. */
  saveSized?(key: string, source: Readable, size: number): Promise<unknown>;
  saveFile?(key: string, path: string): Promise<unknown>;
  /** Reads the body as a stream, and hands out each chunk. */
  drain?(key: string, seen: (chunk: Uint8Array) => void): Promise<void>;
  retrieveToFile?(key: string, path: string): Promise<unknown>;
  /** Resolves with the number of files whose keys begin so; each is looked at as far as the contender says in its facts. */
  list?(prefix: string, seen?: (key: string) => void): Promise<number>;
  /** All files below a folder, by a program of its own. @default the rows of trees call `saveFile` in a loop */
  saveTree?(folder: string, prefix: string): Promise<unknown>;
  /** The same back. @default `list`, then `retrieveToFile` in a loop */
  retrieveTree?(prefix: string, folder: string): Promise<unknown>;
  /** The most memory that a program of its own had, in MiB: it counts instead of that of this process. */
  programPeakMiB?(): number;
  /** Saves with these metadata. */
  saveWith?(key: string, bytes: Uint8Array, metadata: Readonly<Record<string, string>>): Promise<unknown>;
  metadataOf?(key: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Resolves with the number of revisions of a key. */
  countVersions?(key: string): Promise<number>;
  close?(): Promise<unknown>;
}

export interface ContenderInfo<S extends Store = Store> {
  readonly id: string;
  readonly label: string;
  readonly kind: 'limit' | 'ours' | 'peer';
  /** The only workloads it is for: those whose ids begin so. @default all */
  readonly only?: readonly string[];
  /** What it does and checks, one entry for each of `Service.facts`. */
  readonly facts: readonly string[];
  /** Where its settings come from: nobody shall lose for want of a documented option. */
  readonly settings?: { readonly text: string; readonly link: string };
  open(store: S): Promise<Contender>;
}

export const contentType = 'application/octet-stream';
export const metadata = { owner: 'ada', job: '456' };
