import { DriverFault } from '@storage/core/driver';
import { blobOf, type Connection } from './connection.ts';

/** How long a lease lasts: 15 to 60 seconds, or until it is released. */
export type LeaseDuration = number | 'infinite';

/**
 * Locks a blob against writes and deletes of everybody else; the id is the holder's, so that a request that was sent
 * twice gets one lease. https://learn.microsoft.com/rest/api/storageservices/lease-blob
 */
export async function acquireLease(
  connection: Connection,
  key: string,
  leaseId: string,
  duration: LeaseDuration,
  signal: AbortSignal,
): Promise<string> {
  const lease = blobOf(connection, key).getBlobLeaseClient(leaseId);
  await lease.acquireLease(secondsOf(duration), { abortSignal: signal });
  return leaseId;
}

/** Begins the time of a lease anew. */
export async function renewLease(
  connection: Connection,
  key: string,
  leaseId: string,
  signal: AbortSignal,
): Promise<void> {
  await blobOf(connection, key).getBlobLeaseClient(checkLeaseId(leaseId)).renewLease({ abortSignal: signal });
}

/** Lets others write again. */
export async function releaseLease(
  connection: Connection,
  key: string,
  leaseId: string,
  signal: AbortSignal,
): Promise<void> {
  await blobOf(connection, key).getBlobLeaseClient(checkLeaseId(leaseId)).releaseLease({ abortSignal: signal });
}

/** Ends a lease at once, whoever holds it. */
export async function breakLease(connection: Connection, key: string, signal: AbortSignal): Promise<void> {
  await blobOf(connection, key).getBlobLeaseClient().breakLease(0, { abortSignal: signal });
}

/** Whether a text is a lease id: a GUID. */
export function isLeaseId(leaseId: unknown): leaseId is string {
  return typeof leaseId === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(leaseId);
}

function checkLeaseId(leaseId: unknown): string {
  if (isLeaseId(leaseId)) return leaseId;
  throw new DriverFault('InvalidArgument', 'leaseId must be that of an acquireLease(key)');
}

function secondsOf(duration: unknown): number {
  if (duration === 'infinite') return -1;
  if (typeof duration === 'number' && Number.isInteger(duration) && duration >= 15 && duration <= 60) return duration;
  throw new DriverFault('InvalidArgument', "duration is from 15 to 60 whole seconds, or 'infinite'");
}
