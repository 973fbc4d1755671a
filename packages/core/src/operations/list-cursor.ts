import { createHash } from 'node:crypto';
import { DriverFault } from '../errors/driver-fault.ts';
import type { ListQuery } from './list.ts';

/** A driver's cursor in a form that survives JSON and URLs and that only continues its own query. */
export function sealCursor(query: ListQuery, cursor: string): string {
  return Buffer.from(JSON.stringify([fingerprint(query), cursor])).toString('base64url');
}

/** The driver's cursor; `InvalidArgument` when it is not one of ours, or of another query. */
export function openCursor(query: ListQuery, sealed: unknown): string {
  const parsed = typeof sealed === 'string' ? parse(sealed) : undefined;
  if (!Array.isArray(parsed) || parsed.length !== 2 || typeof parsed[1] !== 'string') {
    throw new DriverFault('InvalidArgument', 'the cursor is not one that listPage returned');
  }
  if (parsed[0] !== fingerprint(query)) {
    throw new DriverFault(
      'InvalidArgument',
      'the cursor belongs to another listing: prefix, delimiter, startAfter and include must stay as they were',
    );
  }
  return parsed[1];
}

function parse(sealed: string): unknown {
  try {
    return JSON.parse(Buffer.from(sealed, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function fingerprint(query: ListQuery): string {
  const { prefix, delimiter, startAfter, include, emulateMetadata } = query;
  const text = JSON.stringify([prefix, delimiter, startAfter, include, emulateMetadata]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}
