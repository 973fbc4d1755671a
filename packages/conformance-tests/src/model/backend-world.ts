import type { Capabilities, StorageBackend } from '@storage/core';
import { isStorageError } from '@storage/core';
import { compareUtf8, compareUtf16 } from '@storage/core/driver';
import { iterable } from '../bodies.ts';
import type { Command, Condition, Outcome, World } from './command.ts';
import { bytesOf } from './model-body.ts';
import { fileValue, infoValue } from './outcome.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** What was learned of a key from the results of writes. */
interface Known {
  etag: string | undefined;
  stale: string | undefined;
  /** Versions in the order in which they were current. */
  readonly versionIds: (string | undefined)[];
}

const noSuchEtag = '"no-such-etag"';

/** Runs commands on a backend under a prefix, and reduces what they came to to what the model knows. */
export class BackendWorld implements World {
  readonly backend: StorageBackend;
  readonly prefix: string;
  /** What is compared: an oracle is asked for no more than what the backend beside it claims. */
  readonly capabilities: Capabilities;
  readonly known: Map<string, Known> = new Map();

  constructor(backend: StorageBackend, prefix: string, capabilities: Capabilities = backend.capabilities) {
    this.backend = backend;
    this.prefix = prefix;
    this.capabilities = capabilities;
  }

  async run(command: Command): Promise<Outcome> {
    try {
      return await this.perform(command);
    } catch (error) {
      if (isStorageError(error)) return { codes: [error.code] };
      throw error;
    }
  }

  perform(command: Command): Promise<Outcome> {
    switch (command.kind) {
      case 'save':
        return this.save(command);
      case 'retrieve':
        return this.retrieve(command.key, this.readConditions(command));
      case 'range':
        return this.retrieve(command.key, { range: command.range });
      case 'head':
        return this.head(command);
      case 'delete':
        return this.delete(command);
      case 'delete-many':
        return this.deleteMany(command);
      case 'copy':
        return this.copy(command);
      case 'move':
        return this.move(command);
      case 'update-metadata':
        return this.updateMetadata(command);
      case 'list':
        return this.list(command);
      case 'versions':
        return this.versions(command);
      case 'read-version':
        return this.readVersion(command);
      case 'restore':
        return this.restore(command);
      case 'undelete':
        return this.undelete(command);
    }
  }

  of(key: string): Known {
    const known = this.known.get(key) ?? { etag: undefined, stale: undefined, versionIds: [] };
    this.known.set(key, known);
    return known;
  }

  /** Remembers what a write made. */
  wrote(key: string, { etag, versionId }: { readonly etag: string; readonly versionId?: string }): void {
    const known = this.of(key);
    if (known.etag !== undefined && known.etag !== etag) known.stale = known.etag;
    known.etag = etag;
    known.versionIds.push(versionId);
  }

  gone(key: string): void {
    const known = this.of(key);
    known.stale = known.etag ?? known.stale;
    known.etag = undefined;
  }

  writeConditions(key: string, condition: Condition): { ifAbsent?: true; ifMatch?: string; ifNoneMatch?: string } {
    const { etag = noSuchEtag, stale = noSuchEtag } = this.of(key);
    if (condition === 'absent') return { ifAbsent: true };
    if (condition === 'current') return { ifMatch: etag };
    if (condition === 'stale') return { ifMatch: stale };
    return condition === 'not-current' ? { ifNoneMatch: etag } : {};
  }

  readConditions({ key, condition }: Of<'retrieve'>): { ifMatch?: string; ifNoneMatch?: string } {
    const { ifMatch, ifNoneMatch } = this.writeConditions(key, condition);
    return { ...(ifMatch === undefined ? {} : { ifMatch }), ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }) };
  }

  async save({ key, body, as, metadata, condition }: Of<'save'>): Promise<Outcome> {
    const bytes = bytesOf(body);
    const options = { metadata, ...this.writeConditions(key, condition) };
    const result = await this.backend.save(this.prefix + key, as === 'bytes' ? bytes : iterable(bytes, 50), options);
    this.wrote(key, result);
    return { value: infoValue(result) };
  }

  async retrieve(key: string, options: object): Promise<Outcome> {
    const file = await this.backend.retrieve(this.prefix + key, options);
    return { value: fileValue(file, await file.bytes()) };
  }

  async head({ key }: Of<'head'>): Promise<Outcome> {
    const info = await this.backend.getMetadata(this.prefix + key);
    return { value: info === undefined ? 'absent' : infoValue(info) };
  }

  async delete({ key, condition }: Of<'delete'>): Promise<Outcome> {
    const options = condition === 'must-exist' ? { mustExist: true } : this.writeConditions(key, condition);
    const { existed } = await this.backend.delete(this.prefix + key, options);
    this.gone(key);
    return { value: this.existence(existed) };
  }

  async deleteMany({ keys }: Of<'delete-many'>): Promise<Outcome> {
    const outcomes = await this.backend.deleteMany(keys.map((key) => this.prefix + key));
    for (const key of keys) this.gone(key);
    return { value: outcomes.map((outcome) => (outcome.ok ? this.existence(outcome.existed) : outcome.error.code)) };
  }

  existence(existed: boolean | undefined): unknown {
    return this.capabilities.deleteReportsExistence ? existed : 'unknown';
  }

  async copy({ source, key, condition }: Of<'copy'>): Promise<Outcome> {
    const options = this.writeConditions(key, condition);
    const result = await this.backend.copy(this.prefix + source, this.prefix + key, options);
    // A copy onto itself is no revision.
    if (source !== key) this.wrote(key, result);
    return { value: infoValue(result) };
  }

  async move({ source, key }: Of<'move'>): Promise<Outcome> {
    const result = await this.backend.move(this.prefix + source, this.prefix + key);
    if (source !== key) {
      this.wrote(key, result);
      this.gone(source);
    }
    return { value: infoValue(result) };
  }

  async updateMetadata({ key, patch, replace }: Of<'update-metadata'>): Promise<Outcome> {
    const info = await this.backend.updateMetadata(this.prefix + key, patch, { replace });
    this.wrote(key, info);
    return { value: infoValue(info) };
  }

  async list({ prefix, delimiter, startAfter, pageSize }: Of<'list'>): Promise<Outcome> {
    const compare = this.capabilities.listOrder === 'utf8' ? compareUtf8 : compareUtf16;
    const shown: (readonly [string, number | 'prefix'])[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.backend.listPage({
        prefix: this.prefix + prefix,
        limit: pageSize,
        ...(delimiter ? { delimiter: '/' } : {}),
        ...(cursor === undefined ? {} : { cursor }),
        // A cursor belongs to its query, all of it.
        ...(startAfter === undefined ? {} : { startAfter: this.prefix + startAfter }),
      });
      const entries = page.entries.map(({ key, size }) => [key.slice(this.prefix.length), size] as const);
      const prefixes = page.prefixes.map((name) => [name.slice(this.prefix.length), 'prefix'] as const);
      if (entries.length + prefixes.length > pageSize) return { value: `a page of more than ${pageSize}` };
      // Within a page entries and prefixes are two lists, each in order; merged they go on where the page before ended.
      shown.push(...[...entries, ...prefixes].sort(([a], [b]) => compare(a, b)));
      if (
        !isOrdered(
          page.entries.map(({ key }) => key),
          compare,
        )
      )
        return { value: 'entries out of order' };
      if (!isOrdered(page.prefixes, compare)) return { value: 'prefixes out of order' };
      cursor = page.cursor;
    } while (cursor !== undefined);
    return { value: shown };
  }

  async versions({ key }: Of<'versions'>): Promise<Outcome> {
    const versions = await this.backend.getVersions(this.prefix + key);
    const sizes = versions.filter((version) => !version.isDeleteMarker).map((version) => version.size);
    return { value: sizes.filter((size, index) => size !== sizes[index - 1]) };
  }

  async readVersion({ key, age }: Of<'read-version'>): Promise<Outcome> {
    const versionId = this.of(key).versionIds.at(-1 - age);
    return versionId === undefined ? { codes: ['no such age'] } : this.retrieve(key, { versionId });
  }

  async restore({ key, age }: Of<'restore'>): Promise<Outcome> {
    const versionId = this.of(key).versionIds.at(-1 - age);
    if (versionId === undefined) return { codes: ['no such age'] };
    const result = await this.backend.restoreVersion(this.prefix + key, versionId);
    this.wrote(key, result);
    return { value: infoValue(result) };
  }

  async undelete({ key }: Of<'undelete'>): Promise<Outcome> {
    const wasThere = this.of(key).etag !== undefined;
    const result = await this.backend.undelete(this.prefix + key);
    if (!wasThere) {
      this.wrote(key, result);
      this.of(key).stale = undefined;
    }
    return { value: infoValue(result) };
  }
}

function isOrdered(names: readonly string[], compare: (a: string, b: string) => number): boolean {
  return names.every((name, index) => index === 0 || compare(names[index - 1] ?? '', name) < 0);
}
