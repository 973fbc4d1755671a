import { StorageBackend } from '../../src/backend.ts';
import type { Capabilities } from '../../src/capabilities.ts';
import type { BackendSettings } from '../../src/config/backend-options.ts';
import type { CallContext, ObjectInfo, PutResponse, StorageDriver } from '../../src/driver.ts';
import type { Classification } from '../../src/errors/classification.ts';
import { type Asked, everything, stub } from '../layers/setup.ts';

/** What a service answers with when it fails; the scripted driver classifies it as it says. */
export class ServiceError extends Error {
  readonly classification: Classification;

  constructor(classification: Classification) {
    super('s3cret of the service');
    this.classification = classification;
  }
}

export function fails(code: Classification['code'], more: Partial<Classification> = {}): ServiceError {
  return new ServiceError({ code, retryable: 'no', ...more });
}

export const unavailable = fails('Unavailable', { retryable: 'safe' });
export const lost = fails('Unavailable', { retryable: 'ambiguous' });

/** One answer of a script: a value, an error to reject with, or what computes one from the request and its context. */
type Step = unknown;

/** A member that answers its calls one after the other; a call beyond the script fails the test. */
export function script(...steps: readonly Step[]): { (...args: unknown[]): Promise<never>; calls: unknown[][] } {
  const calls: unknown[][] = [];
  async function member(...args: unknown[]): Promise<never> {
    const step = steps[calls.length];
    calls.push(args);
    if (calls.length > steps.length) throw new Error(`call ${String(calls.length)} is not in the script`);
    const answer: unknown =
      typeof step === 'function' ? await (step as (...given: unknown[]) => unknown)(...args) : step;
    if (answer instanceof Error) throw answer;
    return answer as never;
  }
  return Object.assign(member, { calls });
}

/** Every call of a member answers the same. */
export function always(step: Step): ReturnType<typeof script> {
  return script(...Array.from({ length: 100 }, () => step));
}

export function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Waits for the abort of the attempt, then rejects with its reason: a driver that says that nothing was applied. */
export function untilGivenUp(_request: unknown, { signal }: CallContext): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });
}

export interface Scripted {
  readonly backend: StorageBackend;
  readonly driver: StorageDriver;
  /** Members that were asked without being in the script, `open` and `close` too. */
  readonly asked: Asked[];
  names(): string[];
}

/** A backend over a driver whose members answer from a script; `absent` members do not exist. */
export function scripted(
  members: Partial<Record<keyof StorageDriver, unknown>>,
  options: {
    readonly settings?: Partial<BackendSettings>;
    readonly capabilities?: Partial<Capabilities>;
    readonly absent?: readonly (keyof StorageDriver)[];
  } = {},
): Scripted {
  const asked: Asked[] = [];
  const driver = stub(asked, {}, { ...everything, ...options.capabilities });
  const classify = (error: unknown): Classification =>
    error instanceof ServiceError ? error.classification : { code: 'Unknown', retryable: 'no' };
  Object.assign(driver, { classify, ...members });
  for (const name of options.absent ?? []) Reflect.deleteProperty(driver, name);
  const settings = { retry: { baseDelayMs: 1, throttledDelayMs: 1 }, ...options.settings };
  return {
    backend: new StorageBackend(driver, settings),
    driver,
    asked,
    names: () => asked.map(([name]) => name),
  };
}

export function info(key: string, more: Partial<ObjectInfo> = {}): ObjectInfo {
  return {
    key,
    size: 3,
    etag: '"1"',
    lastModified: new Date(1_700_000_000_123),
    contentType: 'text/plain',
    metadata: { a: '1' },
    ...more,
  };
}

export const stored: PutResponse = { size: 3, etag: '"1"' };
