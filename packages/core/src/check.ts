import { DriverFault } from './errors/driver-fault.ts';
import { nearestName } from './nearest-name.ts';
import type { BaseOptions } from './options.ts';

const baseOptionNames = ['signal', 'timeoutMs'];

/** Timers of Node.js fire at once beyond this, about 24.8 days. */
const maxTimerMs = 2 ** 31 - 1;

/** The options object of a method: `{}` when it is not given; its signal and timeout are checked. */
export function checkBaseOptions(options: unknown): BaseOptions {
  if (options === undefined) return {};
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(`the options must be an object, not ${describe(options)}`);
  }
  const { signal, timeoutMs }: { signal?: unknown; timeoutMs?: unknown } = options;
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw invalid(`signal must be an AbortSignal, not ${describe(signal)}`);
  }
  checkTimerMs('timeoutMs', timeoutMs);
  return options;
}

/** Refuses options that a method does not have, so that a slip of the pen is not dropped in silence. */
export function checkOptionNames(options: object, names: readonly string[]): void {
  for (const name in options) {
    if (names.includes(name) || baseOptionNames.includes(name) || !Object.hasOwn(options, name)) continue;
    const known = [...names, ...baseOptionNames];
    const near = nearestName(name, known);
    const help = near === undefined ? `; the options are ${known.join(', ')}` : `; did you mean ${near}?`;
    throw invalid(`there is no option ${JSON.stringify(name)}${help}`);
  }
}

/** A whole number from 1; undefined when it is not given. */
export function checkPositiveInteger(name: string, value: unknown): number | undefined {
  return checkInteger(name, value, 1);
}

/** A number of bytes: a whole number from 0; undefined when it is not given. */
export function checkSize(name: string, value: unknown): number | undefined {
  return checkInteger(name, value, 0);
}

/** Milliseconds that a timer can wait; undefined when they are not given. */
function checkTimerMs(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value > 0 && value <= maxTimerMs) return value;
  throw invalid(`${name} must be a number of milliseconds from 1 to ${maxTimerMs}, not ${describe(value)}`);
}

/** A boolean; false when it is not given. */
export function checkFlag(name: string, value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value === 'boolean') return value;
  throw invalid(`${name} must be true or false, not ${describe(value)}`);
}

/** A string, possibly empty; undefined when it is not given. */
export function checkText(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`${name} must be a string, not ${describe(value)}`);
}

/** One of a few values; undefined when it is not given. */
export function checkOneOf<const V extends string>(name: string, value: unknown, values: readonly V[]): V | undefined {
  if (value === undefined) return undefined;
  const found = values.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw invalid(`${name} must be ${values.map((each) => `'${each}'`).join(' or ')}, not ${describe(value)}`);
}

/** A function; undefined when it is not given. Its parameters are the caller's promise. */
export function checkFunction<F extends (...args: never[]) => unknown>(
  name: string,
  value: F | undefined,
): F | undefined {
  if (value === undefined || typeof value === 'function') return value;
  throw invalid(`${name} must be a function, not ${describe(value)}`);
}

/** A date; undefined when it is not given. */
export function checkDate(name: string, value: unknown): Date | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  throw invalid(`${name} must be a valid Date, not ${describe(value)}`);
}

/** An etag as a service gave it, to be sent verbatim in a header; undefined when it is not given. */
export function checkEtag(name: string, value: unknown): string | undefined {
  return checkOpaque(name, value, 'an etag, as getMetadata or save returned it');
}

/** A version as a service named it; undefined when it is not given. */
export function checkVersionId(value: unknown): string | undefined {
  return checkOpaque('versionId', value, 'a version id, as getVersions or save returned it');
}

function checkOpaque(name: string, value: unknown, what: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[\x21-\x7e]{1,1024}$/.test(value)) return value;
  throw invalid(`${name} must be ${what}, not ${describe(value)}`);
}

function checkInteger(name: string, value: unknown, least: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw invalid(`${name} must be a whole number from ${least}, not ${describe(value)}`);
}

function isAbortSignal(value: unknown): boolean {
  // Not `instanceof`: test environments and other realms bring an AbortSignal of their own.
  const { aborted, addEventListener } = Object(value) as { aborted?: unknown; addEventListener?: unknown };
  return typeof aborted === 'boolean' && typeof addEventListener === 'function';
}

/** A value as it may stand in a message: short, and never the inside of an object. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'an invalid date';
  switch (typeof value) {
    case 'string':
      return value.length <= 40 ? JSON.stringify(value) : `a string of ${value.length} characters`;
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return `${value}n`;
    default:
      return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  }
}

function invalid(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
