import { type Classification, DriverFault } from '@storage/core/driver';
import type { Connection } from './connection.ts';

/** Codes that say that the bucket is in another region than that of the options. */
const wrongRegion: ReadonlySet<string> = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'BucketRegionError',
]);

/** Names the answer of a region to a question about a bucket in another one; undefined for any other answer. */
export function classifyRegion(
  providerCode: string,
  answer: { readonly httpStatus: number | undefined; readonly region: string | undefined },
): Pick<Classification, 'code' | 'retryable' | 'hint'> | undefined {
  // An answer to HEAD has no body, and then no code.
  const isRedirect = answer.httpStatus === 301 && answer.region !== undefined;
  if (!isRedirect && !wrongRegion.has(providerCode)) return undefined;
  const { region } = answer;
  return {
    code: 'InvalidConfig',
    retryable: 'no',
    hint: region === undefined ? 'set region to that of the bucket' : `set region: '${region}', where the bucket is`,
  };
}

/** Fails where nobody says in which region the bucket is: before the first request, which could not be signed. */
export async function checkRegion({ client }: Connection): Promise<void> {
  try {
    await client.config.region();
  } catch (cause) {
    throw new DriverFault('InvalidConfig', 'no region is known', {
      cause,
      hint: 'set region, or the environment variable AWS_REGION, or the region of the profile',
    });
  }
}
