import type { Capabilities } from '@storage/core';
import { compareUtf8, compareUtf16 } from '@storage/core/driver';
import type { Body, Command, Condition, Metadata, Outcome, Range, World } from './command.ts';
import { bytesOf } from './model-body.ts';
import { fileValue, infoValue } from './outcome.ts';

interface Revision {
  readonly body: Body;
  readonly metadata: Metadata;
  /** What an etag stands for. */
  readonly tag: string;
}

interface KeyHistory {
  /** Objects that were current once, oldest first. */
  readonly revisions: Revision[];
  /** The last tag that is not current any more, if it is known to differ. */
  stale: string | undefined;
  deleted: boolean;
}

/** The whole of the contract that the commands touch, over maps and arrays, in one thread. */
export class PureModel implements World {
  readonly capabilities: Capabilities;
  readonly histories: Map<string, KeyHistory> = new Map();
  counter = 0;

  constructor(capabilities: Capabilities) {
    this.capabilities = capabilities;
  }

  run(command: Command): Outcome {
    switch (command.kind) {
      case 'save':
        return this.save(command.key, command.body, command.metadata, command.condition);
      case 'retrieve':
        return this.retrieve(command.key, command.condition);
      case 'range':
        return this.range(command.key, command.range);
      case 'head':
        return { value: this.infoOf(this.current(command.key)) };
      case 'delete':
        return this.delete(command.key, command.condition);
      case 'delete-many':
        return { value: command.keys.map((key) => this.remove(key)) };
      case 'copy':
        return this.copy(command.source, command.key, command.condition);
      case 'move':
        return this.move(command.source, command.key);
      case 'update-metadata':
        return this.updateMetadata(command.key, command.patch, command.replace);
      case 'list':
        return { value: this.list(command) };
      case 'versions':
        return { value: this.sizesNewestFirst(command.key) };
      case 'read-version':
        return this.readVersion(command.key, command.age);
      case 'restore':
        return this.restore(command.key, command.age);
      case 'undelete':
        return this.undelete(command.key);
    }
  }

  current(key: string): Revision | undefined {
    const history = this.histories.get(key);
    return history === undefined || history.deleted ? undefined : history.revisions.at(-1);
  }

  /** Makes a revision; etags of content are those of equal bodies. */
  commit(key: string, body: Body, metadata: Metadata): void {
    this.counter += 1;
    const tag = this.capabilities.etagKind === 'revision' ? String(this.counter) : `${body.seed}-${body.size}`;
    const before = this.current(key);
    const history = this.histories.get(key) ?? { revisions: [], stale: undefined, deleted: false };
    if (before !== undefined && before.tag !== tag) history.stale = before.tag;
    history.revisions.push({ body, metadata, tag });
    history.deleted = false;
    this.histories.set(key, history);
  }

  /** Why a write to this key is refused although its condition holds. */
  conflict(key: string): Outcome | undefined {
    if (this.capabilities.keyCanBePrefixOfKey !== false) return undefined;
    const others = [...this.histories.keys()].filter((other) => this.current(other) !== undefined);
    const taken = others.some((other) => other.startsWith(`${key}/`) || key.startsWith(`${other}/`));
    return taken ? { codes: ['KeyConflict'] } : undefined;
  }

  /** Why the condition of a write does not hold. */
  unmet(key: string, condition: Condition): Outcome | undefined {
    const current = this.current(key);
    if (condition === 'absent') return current === undefined ? undefined : { codes: ['AlreadyExists'] };
    if (condition === 'current') return current === undefined ? { codes: ['PreconditionFailed'] } : undefined;
    if (condition === 'stale') {
      const stale = this.histories.get(key)?.stale;
      return current !== undefined && stale === current.tag ? undefined : { codes: ['PreconditionFailed'] };
    }
    if (condition === 'not-current') return current === undefined ? undefined : { codes: ['PreconditionFailed'] };
    return undefined;
  }

  save(key: string, body: Body, metadata: Metadata, condition: Condition): Outcome {
    const refused = either(this.unmet(key, condition), this.conflict(key));
    if (refused !== undefined) return refused;
    this.commit(key, body, metadata);
    return { value: this.infoOf(this.current(key)) };
  }

  retrieve(key: string, condition: Condition): Outcome {
    const current = this.current(key);
    if (current === undefined)
      return condition === 'none' ? { codes: ['NotFound'] } : { codes: ['NotFound', 'PreconditionFailed'] };
    if (condition === 'stale' && this.unmet(key, 'stale') !== undefined) return { codes: ['PreconditionFailed'] };
    if (condition === 'not-current') return { codes: ['NotModified'] };
    return fileOf(current, 0, current.body.size);
  }

  range(key: string, range: Range): Outcome {
    const current = this.current(key);
    if (current === undefined) return { codes: ['NotFound'] };
    const { size } = current.body;
    if ('suffix' in range) return fileOf(current, Math.max(0, size - range.suffix), size);
    if (size === 0) return fileOf(current, 0, 0);
    if (range.start >= size) return { codes: ['InvalidRange'] };
    return fileOf(current, range.start, Math.min(size, range.end ?? size));
  }

  delete(key: string, condition: 'none' | 'must-exist' | 'current' | 'stale'): Outcome {
    if (condition === 'must-exist' && this.current(key) === undefined) return { codes: ['NotFound'] };
    if (condition === 'current' || condition === 'stale') {
      const unmet = this.unmet(key, condition);
      if (unmet !== undefined) return unmet;
    }
    return { value: this.remove(key) };
  }

  remove(key: string): unknown {
    const existed = this.current(key) !== undefined;
    const history = this.histories.get(key);
    if (history !== undefined && existed) {
      history.stale = history.revisions.at(-1)?.tag;
      history.deleted = true;
    }
    return this.capabilities.deleteReportsExistence ? existed : 'unknown';
  }

  copy(source: string, key: string, condition: 'none' | 'absent'): Outcome {
    const found = this.current(source);
    if (found === undefined) return { codes: ['NotFound'] };
    if (source === key && condition === 'none') return { value: this.infoOf(found) };
    const refused = either(this.unmet(key, condition), this.conflict(key));
    if (refused !== undefined) return refused;
    this.commit(key, found.body, found.metadata);
    return { value: this.infoOf(found) };
  }

  move(source: string, key: string): Outcome {
    const found = this.current(source);
    if (found === undefined) return { codes: ['NotFound'] };
    if (source === key) return { value: this.infoOf(found) };
    const refused = this.conflict(key);
    if (refused !== undefined) return refused;
    this.commit(key, found.body, found.metadata);
    this.remove(source);
    return { value: this.infoOf(found) };
  }

  updateMetadata(key: string, patch: Readonly<Record<string, string | null>>, replace: boolean): Outcome {
    const current = this.current(key);
    if (current === undefined) return { codes: ['NotFound'] };
    const merged = Object.entries({ ...(replace ? {} : current.metadata), ...patch });
    const metadata = Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
    this.commit(key, current.body, metadata);
    return { value: this.infoOf(this.current(key)) };
  }

  list({ prefix, delimiter, startAfter }: Extract<Command, { kind: 'list' }>): unknown {
    const compare = this.capabilities.listOrder === 'utf8' ? compareUtf8 : compareUtf16;
    const keys = [...this.histories.keys()].filter((key) => this.current(key) !== undefined && key.startsWith(prefix));
    const shown = new Map<string, number | 'prefix'>();
    for (const key of keys.sort(compare)) {
      if (startAfter !== undefined && compare(key, startAfter) <= 0) continue;
      const slash = delimiter ? key.indexOf('/', prefix.length) : -1;
      const common = key.slice(0, slash + 1);
      if (slash === -1) shown.set(key, this.current(key)?.body.size ?? -1);
      else if (startAfter?.startsWith(common) !== true) shown.set(common, 'prefix');
    }
    return [...shown].sort(([a], [b]) => compare(a, b));
  }

  /** Sizes of the objects that were current, newest first, without repeats: a revision may keep its body. */
  sizesNewestFirst(key: string): readonly number[] {
    const sizes = (this.histories.get(key)?.revisions ?? []).map((revision) => revision.body.size).reverse();
    return sizes.filter((size, index) => size !== sizes[index - 1]);
  }

  readVersion(key: string, age: number): Outcome {
    const found = this.histories.get(key)?.revisions.at(-1 - age);
    return found === undefined ? { codes: ['no such age'] } : fileOf(found, 0, found.body.size);
  }

  restore(key: string, age: number): Outcome {
    const found = this.histories.get(key)?.revisions.at(-1 - age);
    if (found === undefined) return { codes: ['no such age'] };
    const refused = this.conflict(key);
    if (refused !== undefined) return refused;
    this.commit(key, found.body, found.metadata);
    return { value: this.infoOf(found) };
  }

  undelete(key: string): Outcome {
    const newest = this.histories.get(key)?.revisions.at(-1);
    if (newest === undefined) return { codes: ['NotFound'] };
    if (this.current(key) !== undefined) return { value: this.infoOf(newest) };
    const refused = this.conflict(key);
    if (refused !== undefined) return refused;
    this.commit(key, newest.body, newest.metadata);
    // Brought back it may have the etag of before, or one of its own.
    const history = this.histories.get(key);
    if (history !== undefined) history.stale = undefined;
    return { value: this.infoOf(newest) };
  }

  infoOf(revision: Revision | undefined): unknown {
    return revision === undefined ? 'absent' : infoValue({ size: revision.body.size, metadata: revision.metadata });
  }
}

function fileOf({ body, metadata }: Revision, start: number, end: number): Outcome {
  const bytes = bytesOf(body).subarray(start, end);
  return { value: fileValue({ size: body.size, metadata, range: { start, end } }, bytes) };
}

/** Two reasons to refuse: a service may find either first. */
function either(first: Outcome | undefined, second: Outcome | undefined): Outcome | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return { codes: [first, second].flatMap((outcome) => ('codes' in outcome ? outcome.codes : [])) };
}
