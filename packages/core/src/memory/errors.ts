import type { Classification } from '../errors/classification.ts';
import { DriverFault, isDriverFault } from '../errors/driver-fault.ts';

/** Memory has no SDK: what its driver rejects with is its own, or comes from the caller's body or signal. */
export function classify(error: unknown): Classification {
  return isDriverFault(error) ? error.classification : { code: 'Unknown', retryable: 'no' };
}

export function notFound(versionId: string | undefined): DriverFault {
  return new DriverFault('NotFound', versionId === undefined ? 'there is no such object' : 'there is no such version');
}

export function bucketNotFound(name: string): DriverFault {
  return new DriverFault('BucketNotFound', `the store has no bucket ${JSON.stringify(name)}`, {
    hint: 'store.createBucket(name) creates it; or set createBucket: true, and the first write does',
  });
}

export function unauthenticated(): DriverFault {
  return new DriverFault('Unauthenticated', 'the store does not accept this accessKey');
}

export function archived(tier: string): DriverFault {
  return new DriverFault('Archived', `the object is in tier ${tier} and is not restored`, {
    hint: 'call restoreArchived and wait until its archive status is "restored"',
  });
}

export function uploadGone(): DriverFault {
  return new DriverFault('NotFound', 'the upload was completed or aborted, or never begun');
}

export function tooLarge(size: number, limit: number): DriverFault {
  return new DriverFault('InvalidArgument', `one put carries at most ${limit} bytes, not ${size}; send it in parts`);
}

export function invalidArgument(message: string): DriverFault {
  return new DriverFault('InvalidArgument', message);
}
