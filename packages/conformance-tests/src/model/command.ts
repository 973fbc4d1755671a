/** What a write asks of the object that is there, by its place in what the world remembers of the key. */
export type Condition = 'none' | 'absent' | 'current' | 'stale' | 'not-current';

/** A body by its number and size: `pattern(size, seed)`. */
export interface Body {
  readonly seed: number;
  readonly size: number;
}

export type Metadata = Readonly<Record<string, string>>;

export type Range = { readonly start: number; readonly end?: number } | { readonly suffix: number };

/** One call. Keys are given without the prefix of the run. */
export type Command =
  | {
      readonly kind: 'save';
      readonly key: string;
      readonly body: Body;
      readonly as: 'bytes' | 'stream';
      readonly metadata: Metadata;
      readonly condition: Condition;
    }
  | {
      readonly kind: 'retrieve';
      readonly key: string;
      readonly condition: 'none' | 'current' | 'stale' | 'not-current';
    }
  | { readonly kind: 'range'; readonly key: string; readonly range: Range }
  | { readonly kind: 'head'; readonly key: string }
  | { readonly kind: 'delete'; readonly key: string; readonly condition: 'none' | 'must-exist' | 'current' | 'stale' }
  | { readonly kind: 'delete-many'; readonly keys: readonly string[] }
  | { readonly kind: 'copy'; readonly source: string; readonly key: string; readonly condition: 'none' | 'absent' }
  | { readonly kind: 'move'; readonly source: string; readonly key: string }
  | {
      readonly kind: 'update-metadata';
      readonly key: string;
      readonly patch: Readonly<Record<string, string | null>>;
      readonly replace: boolean;
    }
  | {
      readonly kind: 'list';
      readonly prefix: string;
      readonly delimiter: boolean;
      readonly startAfter: string | undefined;
      readonly pageSize: number;
    }
  | { readonly kind: 'versions'; readonly key: string }
  | { readonly kind: 'read-version'; readonly key: string; readonly age: number }
  | { readonly kind: 'restore'; readonly key: string; readonly age: number }
  | { readonly kind: 'undelete'; readonly key: string };

/** What a call came to, without anything that two stores may name differently. */
export type Outcome =
  | { readonly value: unknown }
  /** The codes that it may reject with. */
  | { readonly codes: readonly string[] };

/** Something that commands can be run on: the model, or a backend. */
export interface World {
  run(command: Command): Promise<Outcome> | Outcome;
}
