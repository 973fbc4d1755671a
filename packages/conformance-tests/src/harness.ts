import type { RetryOptions, StorageBackend, StorageLogger, StorageObserver } from '@storage/core';
import type { CaseContext } from './case.ts';

/** What the suite may ask of an instance; each is an option that every backend takes. */
export interface MakeOptions {
  /** Milliseconds without progress after which a body is given up. */
  readonly idleTimeoutMs?: number;
  readonly retry?: RetryOptions | false;
  readonly observer?: StorageObserver;
  readonly logger?: StorageLogger;
}

/** A leftover of an unfinished write, as an operator of the store would see it. */
export interface Leftover {
  readonly name: string;
}

/** Something put into the store by other means than the backend. */
export type Planted =
  | { readonly kind: 'file'; readonly key: string; readonly bytes: Uint8Array }
  | { readonly kind: 'directory-marker'; readonly key: string }
  | { readonly kind: 'symlink'; readonly key: string; readonly target: string };

/** A known gap of a server, never of a backend: what the suite would otherwise report as a failure. */
export interface Deviation {
  /** Why the server cannot show the case. */
  readonly reason: string;
  /** Where the gap is documented. */
  readonly link?: string;
  /** Only the cases of this number whose title contains the text. @default all of the number */
  readonly title?: string;
  /** Asserts what the server really does. Without it the case itself runs, and must fail: a gap that closed is noticed. */
  readonly shows?: (context: CaseContext) => Promise<void>;
  /** Where `shows` proves the claim all the same: against answers that the service documents. @default nowhere */
  readonly evidence?: 'scripted';
  /** The case may pass by luck (a race). @default false */
  readonly varies?: boolean;
}

/** Deviations by case number. */
export type Deviations = Readonly<Record<number, Deviation | readonly Deviation[]>>;

/** Sizes that the suite works with; small ones make it fast. */
export interface Limits {
  /** Bytes of a part in tests. @default the smallest that the backend claims, at least 64 KiB */
  readonly partSize: number;
  /** Objects of one listing page of the service, for the case that crosses it. @default `maxPageSize`, in the normal run at most 1,000 */
  readonly servicePage: number;
}

/** The server that a store is on. */
export interface BackendServer {
  /** The address that `make` uses, with its path if it has one. */
  readonly endpointUrl: string;
  /** `make` at another address: that of a proxy before this server. */
  makeAt(endpointUrl: string, options?: MakeOptions): StorageBackend | Promise<StorageBackend>;
}

/** Where the claims audit's evidence comes from. */
export type EvidenceKind = 'live' | 'emulator' | 'scripted';

/** How the suite meets one backend. Members that are optional are needed by single cases, which else need a deviation. */
export interface Harness {
  /** A fresh instance over the same store: what one writes, another sees. The suite closes it. */
  make(options?: MakeOptions): StorageBackend | Promise<StorageBackend>;
  /** Removes every object, version and unfinished upload. */
  reset(): Promise<void>;
  /** An instance over a bucket, container or root that does not exist and is not created. */
  makeMissing?(): StorageBackend | Promise<StorageBackend>;
  /** An instance with wrong credentials. */
  makeDenied?(): StorageBackend | Promise<StorageBackend>;
  /**
   * The server of a backend that talks to one: the suite then puts a proxy before it, and shows on real connections what
   * it else shows with a layer over the driver. A store that is no service has none.
   */
  readonly server?: BackendServer;
  /** What unfinished writes of `key` have left in the store: parts, uncommitted blocks, staging files. */
  listLeftovers?(key: string): Promise<readonly Leftover[]>;
  /** Puts something into the store by other means than the backend. */
  plant?(item: Planted): Promise<void>;
  /** An instance whose signed URLs can be fetched, if `make` does not give one. */
  makeServed?(): StorageBackend | Promise<StorageBackend>;
  /**
   * A script that calls `answerMeasurements` with an instance over the same store: the suite starts it to measure the
   * memory of a process that does nothing else. A path or a file URL.
   */
  readonly childScript?: string | URL;
  /** Whether the store takes keys that differ in case only for one, and so refuses the second, as some disks do. @default false */
  readonly foldsCase?: boolean;
  /**
   * Whether the service drops dots at the end of a segment, so that the backend has to refuse keys with such, as for
   * Azure Blob. @default false
   */
  readonly dropsDots?: boolean;
  /** Strings that no error, event or log line may contain. */
  readonly secrets?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** @default 'live' */
  readonly evidence?: EvidenceKind;
  readonly deviations?: Deviations;
}

/** Optional members of a harness that a case may need. */
export type HarnessExtra =
  | 'makeMissing'
  | 'makeDenied'
  | 'server'
  | 'listLeftovers'
  | 'plant'
  | 'makeServed'
  | 'childScript'
  | 'secrets';
