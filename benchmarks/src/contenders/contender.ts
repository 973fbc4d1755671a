import type { Readable } from 'node:stream';

/** One library over one folder. What it has no way to do is absent, and its row stays empty. */
export interface Contender {
  save(key: string, bytes: Uint8Array): Promise<unknown>;
  /** Resolves with the number of bytes read. */
  retrieve(key: string): Promise<number>;
  exists(key: string): Promise<boolean>;
  delete(key: string): Promise<unknown>;
  /** The length of the stream is not told. */
  saveStream?(key: string, source: Readable): Promise<unknown>;
  saveFile?(key: string, path: string): Promise<unknown>;
  /** Reads the body as a stream, and resolves with the number of bytes. */
  drain?(key: string): Promise<number>;
  retrieveToFile?(key: string, path: string): Promise<unknown>;
  /** Resolves with the number of files below a folder; each is looked at as far as `ContenderInfo.lists` says. */
  list?(folder: string): Promise<number>;
  close?(): Promise<unknown>;
}

export interface ContenderInfo {
  readonly id: string;
  readonly label: string;
  readonly kind: 'limit' | 'ours' | 'peer';
  /** The only workloads it is for, by id. @default all */
  readonly only?: readonly string[];
  /** What it keeps of a file beside its bytes; of the limit, nothing. */
  readonly keeps: string;
  /** Whether another reader may see half a file, or a killed process leave one. */
  readonly writes: 'in place' | 'whole or not';
  /** What a listing tells of each file. */
  readonly lists: 'names' | 'size and time';
  open(folder: string): Promise<Contender>;
}

export const contentType = 'application/octet-stream';
export const metadata = { owner: 'ada', job: '456' };
