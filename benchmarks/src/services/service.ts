import type { ContenderInfo } from '../contenders/contender.ts';
import type { Store } from './store.ts';

/** What contenders are compared on. */
export interface Service {
  readonly id: 'local' | 's3' | 'azure';
  readonly title: string;
  /** Headings of the table that says what is compared. */
  readonly facts: readonly string[];
  readonly contenders: readonly ContenderInfo[];
  /** The limit of a row is the fastest of these. */
  readonly limits: readonly string[];
  /** Rows that make no sense here. */
  readonly without: readonly string[];
  /** Rows that a quick look leaves out here. */
  readonly notQuick?: readonly string[];
  /** Reads back what a contender has written. @default the contender itself */
  readonly witness?: string;
  /** Writes what all contenders read. @default each writes what it reads */
  readonly preparedBy?: string;
  /** What a first look shows, in a picture of its own. @default nothing */
  readonly summary?: { readonly rows: readonly string[]; readonly contenders: readonly string[] };
  /** Said below the table of contenders. */
  readonly notes: readonly string[];
  /** @param folder where the files of local disk go */
  start(folder: string): Promise<RunningService>;
}

export interface RunningService {
  /** For the heading: what serves, and where its data is. */
  readonly described: string;
  /** Process of the server on this machine, where it is one. */
  readonly pid?: number | undefined;
  /** An empty store. */
  makeStore(name: string): Promise<Store>;
  removeStore(store: Store): Promise<void>;
  stop(): Promise<void>;
}
