import type { CallContext } from '../driver.ts';
import { notFound } from './errors.ts';
import type { Upload } from './multipart.ts';
import type { Content, DeleteMarker, Revision, StoredObject } from './revision.ts';
import type { StoreSettings } from './settings.ts';
import { SortedKeys } from './sorted-keys.ts';

/** How a member of the driver gets to the bucket: not at all once the call is aborted, or where it is not let in. */
export type Reach = (context: CallContext) => Bucket;

/**
 * The objects of one bucket. Its methods are synchronous, so that whoever checks a condition and commits without
 * an `await` between has done both in one step.
 */
export class Bucket {
  readonly settings: StoreSettings;
  /** Keys that have a current object. */
  readonly keys: SortedKeys = new SortedKeys();
  /** Uploads in parts by their id. */
  readonly uploads: Map<string, Upload> = new Map();
  /** Revisions by key, oldest first; never empty. */
  readonly histories: Map<string, Revision[]> = new Map();
  sequence = 0;

  constructor(settings: StoreSettings) {
    this.settings = settings;
  }

  /** Revisions of a key, oldest first. */
  history(key: string): readonly Revision[] {
    return this.histories.get(key) ?? [];
  }

  /** The object that a reader of the key sees. */
  current(key: string): StoredObject | undefined {
    const newest = this.histories.get(key)?.at(-1);
    return newest?.isDeleteMarker === false ? newest : undefined;
  }

  /** The current object, or one version of it; anything else is `NotFound`. */
  find(key: string, versionId?: string): StoredObject {
    const found =
      versionId === undefined
        ? this.current(key)
        : this.history(key).find((revision) => revision.versionId === versionId);
    if (found === undefined || found.isDeleteMarker) throw notFound(versionId);
    return found;
  }

  /** Makes `content` the current object of the key: the commit point of every write. */
  commit(key: string, content: Content): StoredObject {
    const stamp = this.stamp(key);
    const etag = `"${content.checksum.value}-${stamp.versionId}"`;
    const object: StoredObject = { ...content, ...stamp, isDeleteMarker: false, etag };
    this.append(key, object);
    return object;
  }

  /** Deletes the current object; where versions are kept, a marker hides them. */
  hide(key: string): DeleteMarker | undefined {
    if (!this.settings.versions) {
      this.write(key, []);
      return undefined;
    }
    const marker: DeleteMarker = { ...this.stamp(key), isDeleteMarker: true };
    this.append(key, marker);
    return marker;
  }

  /** Changes what belongs to an object without making a new revision of it. */
  amend(key: string, object: StoredObject, change: Partial<Pick<Content, 'tags' | 'tier' | 'restore'>>): StoredObject {
    const amended = { ...object, ...change };
    this.write(
      key,
      this.history(key).map((revision) => (revision === object ? amended : revision)),
    );
    return amended;
  }

  /** Removes one revision for good. */
  erase(key: string, versionId: string): Revision | undefined {
    const erased = this.history(key).find((revision) => revision.versionId === versionId);
    this.write(
      key,
      this.history(key).filter((revision) => revision !== erased),
    );
    return erased;
  }

  /** A number that grows with every use, of fixed width, so that as text it sorts as it grows. */
  nextId(): string {
    this.sequence += 1;
    return this.sequence.toString(36).padStart(8, '0');
  }

  /** Id and time of a new revision; time does not go back, even if the clock does. */
  stamp(key: string): { readonly versionId: string; readonly lastModified: number } {
    const before = this.history(key).at(-1)?.lastModified ?? 0;
    return { versionId: this.nextId(), lastModified: Math.max(this.settings.clock(), before) };
  }

  append(key: string, revision: Revision): void {
    const history = (this.settings.versions ? this.histories.get(key) : undefined) ?? [];
    history.push(revision);
    this.write(key, history);
  }

  write(key: string, history: Revision[]): void {
    if (history.length === 0) this.histories.delete(key);
    else this.histories.set(key, history);
    if (this.current(key) === undefined) this.keys.delete(key);
    else this.keys.add(key);
  }
}
