import type { Capabilities, StorageBackend } from '@storage/core';
import type { FaultProxy } from './faults/fault-proxy.ts';
import type { FaultRule, FaultyLayer } from './faults/faulty-driver.ts';
import type { Harness, HarnessExtra, Limits, MakeOptions } from './harness.ts';

/** The name of a claim: a capability, or a member of one that has members. */
export type Claim =
  | keyof Capabilities
  | `multipart.${keyof Exclude<Capabilities['multipart'], false>}`
  | `sign.${keyof Exclude<Capabilities['sign'], false>}`
  | `singlePut.${keyof Capabilities['singlePut']}`;

/** What a case works with. Everything it opens through here is closed for it. */
export interface CaseContext {
  /** An initialised instance, shared by all cases of a run. */
  readonly backend: StorageBackend;
  readonly capabilities: Capabilities;
  readonly harness: Harness;
  readonly limits: Limits;
  /** Ends in `/`; no other case uses it. */
  readonly prefix: string;
  /** A key under `prefix`. */
  readonly key: (name?: string) => string;
  /** A fresh instance over the same store. */
  readonly make: (options?: MakeOptions) => Promise<StorageBackend>;
  /** An instance from `makeMissing`, `makeDenied` or `makeServed`. */
  readonly makeExtra: (which: 'makeMissing' | 'makeDenied' | 'makeServed') => Promise<StorageBackend>;
  /** A fresh instance behind a fault layer, and the layer, which counts. */
  readonly makeFaulty: (rules?: readonly FaultRule[], options?: MakeOptions) => Promise<FaultyBackend>;
  /** A fresh instance behind a proxy of its own before the server, not armed yet. Only for cases that use `server`. */
  readonly makeProxied: (options?: MakeOptions) => Promise<ProxiedBackend>;
}

/** A backend whose driver is watched, and fails as it is told to. */
export interface FaultyBackend {
  readonly backend: StorageBackend;
  readonly faults: FaultyLayer;
}

/** A backend whose connections are watched, and fail as the proxy is told to. */
export interface ProxiedBackend {
  readonly backend: StorageBackend;
  readonly proxy: FaultProxy;
}

interface CaseBase {
  /** The number in the list of cases; several cases may share it. */
  readonly number: number;
  /** Tells cases apart that the list has no number of their own for: `#161a`. */
  readonly letter?: string;
  /** A sentence of the contract. */
  readonly title: string;
  /** The claims that the case proves, or whose refusal it proves. */
  readonly claims?: readonly Claim[];
  /**
   * Members that the harness must have; where one is missing, a deviation says why. A case that uses `server` is left
   * out where there is none; #224 sees to it that every service has one.
   */
  readonly uses?: readonly HarnessExtra[];
  /** Milliseconds after which the case fails. @default 25 000; ten times that with STORAGE_TESTS_LONG=1 */
  readonly timeoutMs?: number;
  /** What must hold. Rejects when it does not. */
  run(context: CaseContext): Promise<void>;
}

/** A case of a capability: where it is not claimed, `refused` asserts what must hold instead. */
interface GatedCase extends CaseBase {
  readonly needs: (capabilities: Capabilities) => boolean;
  /** Usually that the call rejects `Unsupported` before any request, and changes nothing (`expectRefused`). */
  refused(context: CaseContext): Promise<void>;
}

interface PlainCase extends CaseBase {
  readonly needs?: undefined;
  readonly refused?: undefined;
}

export type ConformanceCase = PlainCase | GatedCase;

/** Names of the areas; also the names of their files. */
export type AreaName =
  | 'setup'
  | 'keys'
  | 'write'
  | 'read'
  | 'range'
  | 'list'
  | 'delete'
  | 'copy'
  | 'metadata'
  | 'conditions'
  | 'multipart'
  | 'sign'
  | 'concurrency'
  | 'faults'
  | 'errors'
  | 'versions'
  | 'peers'
  | 'tiers'
  | 'lifecycle'
  | 'model';

/** Cases of one letter of the list. */
export interface Area {
  readonly name: AreaName;
  readonly title: string;
  readonly cases: readonly ConformanceCase[];
}

/** Declares an area. */
export function defineArea(area: Area): Area {
  return area;
}

/** Whether long counts are asked for. */
export function isLong(): boolean {
  return process.env['STORAGE_TESTS_LONG'] === '1';
}

/** A count: modest in the normal run, large with STORAGE_TESTS_LONG=1. */
export function count(normal: number, long: number): number {
  return isLong() ? long : normal;
}
