import type {
  CallContext,
  MultipartMember,
  RemoveManyRequest,
  RemoveOutcome,
  StorageDriver,
  TagsMember,
  TiersMember,
  Total,
  VersionsMember,
} from '@storage/core/driver';
import { isDriverFault, present, untilAborted } from '@storage/core/driver';
import type { DriverOperation, Fault, FaultRule, FaultState, WatchedCall } from './faults.ts';
import { connectionRefused, connectionReset, denied, trackFaults } from './faults.ts';
import { harmAnswer, harmRange, harmUpload, relabel, trackBody } from './faulty-bodies.ts';

export type { DriverOperation, Fault, FaultRule, WatchedCall } from './faults.ts';
export { connectionRefused, connectionReset, denied } from './faults.ts';

/** A layer that makes requests go wrong, and counts. */
export interface FaultyLayer {
  (driver: StorageDriver): StorageDriver;
  /** Faults that have happened. A test of a fault asserts it. */
  readonly fired: number;
  /** Requests that the layer has seen, in order, harmed or not. */
  readonly calls: readonly WatchedCall[];
  /** Bodies of reads that have neither ended nor been given back. */
  readonly openBodies: number;
}

/**
 * Wraps any driver so that the requests that `rules` name go wrong.
 *
 * @example
 * const layer = faulty([{ on: 'get', fault: { kind: 'cut-body', afterBytes: 10 } }]);
 * const file = await backend.with(layer).retrieve('report.pdf');
 * await file.bytes(); // resumed
 * assert.equal(layer.fired, 1);
 */
export function faulty(rules: readonly FaultRule[] = []): FaultyLayer {
  const state = trackFaults(rules);
  const layer = (driver: StorageDriver): StorageDriver => wrap(driver, state);
  return Object.defineProperties(layer, {
    fired: { get: () => state.fired.count },
    calls: { get: () => state.calls },
    openBodies: { get: () => state.openBodies.size },
  }) as FaultyLayer;
}

function wrap(driver: StorageDriver, state: FaultState): StorageDriver {
  const { multipart, versions, tiers, tags } = driver;
  const total: Total<StorageDriver> = {
    driverApi: driver.driverApi,
    type: driver.type,
    capabilities: driver.capabilities,
    secrets: driver.secrets,
    open: (context) => driver.open(context),
    close: () => driver.close(),
    classify: (error) => (isDriverFault(error) ? error.classification : driver.classify(error)),
    native: driver.native && (() => driver.native?.() as Promise<unknown>),
    check: plain('check', driver.check.bind(driver), state),
    createBucket: driver.createBucket && plain('createBucket', driver.createBucket.bind(driver), state),
    state: driver.state && plain('state', driver.state.bind(driver), state),
    // Left out: `exists` then asks `head`, which the rules know.
    exists: undefined,
    head: watched('head', driver.head.bind(driver), state),
    remove: (request, context) =>
      perform(callOf('remove', request), context, state, async (fault) => {
        if (fault?.kind === 'deny-keys' && fault.keys.includes(request.key)) throw fault.error?.() ?? denied();
        return driver.remove(request, context);
      }),
    listPage: watched('listPage', driver.listPage.bind(driver), state),
    copy: driver.copy && watched('copy', driver.copy.bind(driver), state),
    move: driver.move && watched('move', driver.move.bind(driver), state),
    removeMany: driver.removeMany && wrapRemoveMany(driver.removeMany.bind(driver), state),
    setMetadata: driver.setMetadata && watched('setMetadata', driver.setMetadata.bind(driver), state),
    sign: driver.sign && watched('sign', driver.sign.bind(driver), state),
    signForm: driver.signForm && watched('signForm', driver.signForm.bind(driver), state),
    get: (request, context) =>
      perform(callOf('get', request), context, state, async (fault) => {
        const answer = trackBody(await driver.get(harmRange(fault, request), context), state.openBodies);
        return harmAnswer(fault, relabel(fault, request, answer), context.signal);
      }),
    put: (request, context) =>
      perform(callOf('put', request), context, state, (fault) =>
        driver.put({ ...request, body: harmUpload(fault, request.body, context.signal) }, context),
      ),
    multipart: multipart && wrapMultipart(multipart, state),
    versions: versions && wrapVersions(versions, state),
    tiers: tiers && wrapTiers(tiers, state),
    tags: tags && wrapTags(tags, state),
  };
  return present(total);
}

function wrapRemoveMany(
  removeMany: Method<RemoveManyRequest, readonly RemoveOutcome[]>,
  state: FaultState,
): Method<RemoveManyRequest, readonly RemoveOutcome[]> {
  return (request, context) =>
    perform(callOf('removeMany', request), context, state, async (fault) => {
      if (fault?.kind !== 'deny-keys') return removeMany(request, context);
      const allowed = request.keys.filter((key) => !fault.keys.includes(key));
      const outcomes = [...(await removeMany({ ...request, keys: allowed }, context))];
      const refusal = (): RemoveOutcome => ({ error: fault.error?.() ?? denied() });
      return request.keys.map((key) => (fault.keys.includes(key) ? undefined : outcomes.shift()) ?? refusal());
    });
}

function wrapMultipart(member: MultipartMember, state: FaultState): MultipartMember {
  const total: Total<MultipartMember> = {
    create: watched('multipart.create', member.create.bind(member), state),
    putPart: (request, context) =>
      perform(callOf('multipart.putPart', request), context, state, (fault) => {
        const body = { ...harmUpload(fault, request.body, context.signal), size: request.body.size };
        return member.putPart({ ...request, body }, context);
      }),
    complete: watched('multipart.complete', member.complete.bind(member), state),
    abort: watched('multipart.abort', member.abort.bind(member), state),
    listParts: watched('multipart.listParts', member.listParts.bind(member), state),
    listIncomplete:
      member.listIncomplete && watched('multipart.listIncomplete', member.listIncomplete.bind(member), state),
  };
  return present(total);
}

function wrapVersions(member: VersionsMember, state: FaultState): VersionsMember {
  const total: Total<VersionsMember> = {
    list: watched('versions.list', member.list.bind(member), state),
    restore: watched('versions.restore', member.restore.bind(member), state),
    undelete: member.undelete && watched('versions.undelete', member.undelete.bind(member), state),
  };
  return present(total);
}

function wrapTiers(member: TiersMember, state: FaultState): TiersMember {
  const total: Total<TiersMember> = {
    set: watched('tiers.set', member.set.bind(member), state),
    restore: member.restore && watched('tiers.restore', member.restore.bind(member), state),
  };
  return present(total);
}

function wrapTags(member: TagsMember, state: FaultState): TagsMember {
  const total: Total<TagsMember> = {
    get: watched('tags.get', member.get.bind(member), state),
    set: watched('tags.set', member.set.bind(member), state),
  };
  return present(total);
}

type Method<R, A> = (request: R, context: CallContext) => Promise<A>;

function watched<R extends object, A>(
  operation: DriverOperation,
  method: Method<R, A>,
  state: FaultState,
): Method<R, A> {
  return (request, context) => perform(callOf(operation, request), context, state, () => method(request, context));
}

function callOf(operation: DriverOperation, request: object): WatchedCall {
  const key = 'key' in request && typeof request.key === 'string' ? request.key : undefined;
  return { operation, key, request: { ...request } };
}

function plain<A>(
  operation: DriverOperation,
  method: (context: CallContext) => Promise<A>,
  state: FaultState,
): (context: CallContext) => Promise<A> {
  return (context) => perform(callOf(operation, {}), context, state, () => method(context));
}

async function perform<A>(
  call: WatchedCall,
  context: CallContext,
  state: FaultState,
  send: (fault: Fault | undefined) => Promise<A>,
): Promise<A> {
  const fault = state.next(call);
  if (fault?.kind === 'fail-before') throw fault.error?.() ?? connectionRefused();
  if (fault?.kind === 'delay') await delay(fault.ms, context.signal);
  if (fault?.kind === 'before') await untilAborted(fault.run(), context.signal);
  const answer = await send(fault);
  // Aborted now, a client cannot tell whether its request was applied: not the signal's reason, which says it was not.
  if (fault?.kind === 'after') await untilAborted(fault.run(), context.signal).catch(rethrowUnless(context.signal));
  if (fault?.kind === 'lose-answer') throw fault.error?.() ?? connectionReset();
  return answer;
}

function rethrowUnless(signal: AbortSignal): (error: unknown) => never {
  return (error) => {
    throw signal.aborted && error === signal.reason ? connectionReset() : (error as Error);
  };
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', fail);
      resolve();
    }, ms);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
