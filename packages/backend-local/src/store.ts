import { createPace, type Pace } from './disk/pace.ts';
import { createKept, type Kept } from './listing/kept.ts';
import type { Walk } from './listing/walk.ts';
import { createOwner, type Owner } from './lock/owner.ts';
import { type Place, placeOf, type Roots, rootsOf } from './names/place.ts';
import type { Archived } from './versions/history.ts';

/** How many earlier versions of a key are kept, and for how long. */
interface Retention {
  readonly keep: number;
  /** Milliseconds since a version ceased to be the current one. */
  readonly maxAgeMs: number;
}

/** The options of a local store, checked and complete. */
export interface LocalSettings {
  /** Absolute. */
  readonly basePath: string;
  readonly create: boolean;
  readonly versions: Retention | undefined;
  /** Whether a write waits until the disk itself has it. */
  readonly powerSafe: boolean;
  /** The address that signed URLs begin with. */
  readonly publicUrl?: string | undefined;
  /** What URLs are signed with; otherwise a key that the store makes for itself. */
  readonly urlKey?: string | undefined;
}

/** What the operations of one driver share. */
export interface Store {
  readonly settings: LocalSettings;
  readonly roots: Roots;
  readonly pace: Pace;
  readonly owner: Owner;
  /** Locks that this instance holds or waits for, with those who wait within this instance. */
  readonly held: Map<string, (() => void)[]>;
  readonly walks: Kept<Walk>;
  /** Versions of keys, those that the next page of their list begins with. */
  readonly histories: Kept<readonly Archived[]>;
  /** Whether the disk takes `A` and `a` for one name. Found out when the store is opened, or made. */
  ignoresCase: boolean;
  /** Of the options, or of the development server while it runs. */
  publicUrl: string | undefined;
  urlKey: Uint8Array | undefined;
}

export function createStore(settings: LocalSettings): Store {
  const roots = rootsOf(settings.basePath);
  return {
    settings,
    roots,
    pace: createPace(),
    owner: createOwner(roots),
    held: new Map(),
    walks: createKept(),
    histories: createKept(),
    ignoresCase: false,
    publicUrl: settings.publicUrl,
    urlKey: undefined,
  };
}

export function place(store: Store, key: string): Place {
  return placeOf(store.roots, key);
}
