import { DriverFault } from '@storage/core/driver';

/** Members of a driver that make requests. */
export type DriverOperation =
  | 'check'
  | 'head'
  | 'get'
  | 'put'
  | 'remove'
  | 'listPage'
  | 'createBucket'
  | 'state'
  | 'copy'
  | 'move'
  | 'removeMany'
  | 'setMetadata'
  | 'sign'
  | 'signForm'
  | `multipart.${'create' | 'putPart' | 'complete' | 'abort' | 'listParts' | 'listIncomplete'}`
  | `versions.${'list' | 'restore' | 'undelete'}`
  | `tiers.${'set' | 'restore'}`
  | `tags.${'get' | 'set'}`;

/** What goes wrong. */
export type Fault =
  /** The request never reaches the service. */
  | { readonly kind: 'fail-before'; readonly error?: () => Error }
  /** The service does it, the answer is lost. */
  | { readonly kind: 'lose-answer'; readonly error?: () => Error }
  /** The connection breaks after so many bytes of the body, of a read or of an upload. */
  | { readonly kind: 'cut-body'; readonly afterBytes: number; readonly error?: () => Error }
  /** The body of a read ends early as if it were complete. */
  | { readonly kind: 'truncate-body'; readonly afterBytes: number }
  /** No more byte comes after so many, and no end either. */
  | { readonly kind: 'stall-body'; readonly afterBytes: number }
  /** One bit of the first byte of a read's body is flipped on the way. */
  | { readonly kind: 'corrupt-body' }
  /** A range is answered with the whole object, one byte late, or with the whole body labelled as the range. */
  | { readonly kind: 'wrong-range'; readonly answer: 'whole' | 'shifted' | 'mislabelled' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** A batch delete reports an error for these keys and leaves them; a delete of one of them is refused. */
  | { readonly kind: 'deny-keys'; readonly keys: readonly string[]; readonly error?: () => Error }
  /** Something else happens in the store just before the request, or just after it was answered. */
  | { readonly kind: 'before' | 'after'; readonly run: () => Promise<unknown> };

/** When it goes wrong. Of several rules the first that matches and is not used up fires. */
export interface FaultRule {
  readonly on: DriverOperation | readonly DriverOperation[];
  /** Only requests for this key. @default every key */
  readonly key?: string;
  /** Matching requests that pass unharmed first. @default 0 */
  readonly skip?: number;
  /** Requests that are hit. @default 1 */
  readonly times?: number;
  readonly fault: Fault;
}

/** A request that went through the layer. */
export interface WatchedCall {
  readonly operation: DriverOperation;
  readonly key: string | undefined;
  /** What core asked of the driver. */
  readonly request: Readonly<Record<string, unknown>>;
}

/** The error of a request that the service denies. */
export function denied(): DriverFault {
  return new DriverFault('PermissionDenied', 'injected: the service denies it');
}

/** The error of a connection that broke before anything was applied. */
export function connectionRefused(): DriverFault {
  return new DriverFault('Unavailable', 'injected: the connection was refused', { retryable: 'safe' });
}

/** The error of a connection that broke while an answer was awaited. */
export function connectionReset(): DriverFault {
  return new DriverFault('Unavailable', 'injected: the connection was reset', { retryable: 'ambiguous' });
}

/** Chooses the fault of each request and counts. */
export interface FaultState {
  readonly calls: WatchedCall[];
  readonly fired: { count: number };
  /** Bodies of reads that have neither ended nor been given back. */
  readonly openBodies: Set<object>;
  next(call: WatchedCall): Fault | undefined;
}

/** The state of one layer. */
export function trackFaults(rules: readonly FaultRule[]): FaultState {
  const calls: WatchedCall[] = [];
  const fired = { count: 0 };
  const seen = rules.map(() => 0);
  return { calls, fired, openBodies: new Set(), next };

  function next(call: WatchedCall): Fault | undefined {
    calls.push(call);
    for (const [index, rule] of rules.entries()) {
      const { skip = 0, times = 1 } = rule;
      if (!matches(rule, call) || (seen[index] ?? 0) >= skip + times) continue;
      seen[index] = (seen[index] ?? 0) + 1;
      if (seen[index] <= skip) return undefined;
      fired.count += 1;
      return rule.fault;
    }
    return undefined;
  }
}

function matches(rule: FaultRule, call: WatchedCall): boolean {
  const operations = typeof rule.on === 'string' ? [rule.on] : rule.on;
  return operations.includes(call.operation) && (rule.key === undefined || rule.key === call.key);
}
