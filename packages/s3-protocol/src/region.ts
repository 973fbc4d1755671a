import { type Classification, DriverFault } from '@storage/core/driver';
import type { Sdk } from './connection.ts';
import type { S3DriverOptions } from './options.ts';

/** Codes that say that the bucket is in another region than that of the options. */
const wrongRegion: ReadonlySet<string> = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'BucketRegionError',
]);

/** The region of a bucket: that of the options, until an answer names another one. */
export interface BucketRegion {
  get(): string;
  /** What an answer named. */
  learned(): string | undefined;
  /** Whether an error says that the bucket is in another region than the one that was `asked`. */
  learn(error: unknown, asked: string): boolean;
}

export function createBucketRegion(given: string): BucketRegion {
  let learned: string | undefined;
  return {
    get: () => learned ?? given,
    learned: () => learned,
    learn: (error, asked) => {
      const told = toldBy(error);
      if (told === undefined || told === asked) return false;
      learned = told;
      return true;
    },
  };
}

/** The other region that an answer sends us to. */
function toldBy(error: unknown): string | undefined {
  const { name, $metadata } = (error ?? {}) as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (status !== 301 && status !== 307 && !(status === 400 && name !== undefined && wrongRegion.has(name))) {
    return undefined;
  }
  const region = regionIn(error as Error);
  // It becomes a part of the address.
  return region !== undefined && /^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(region) ? region : undefined;
}

/** Where the bucket is, as far as the answer says. */
export function regionIn(error: Error): string | undefined {
  const { Region, $response } = error as { Region?: unknown; $response?: { headers?: Record<string, string> } };
  return $response?.headers?.['x-amz-bucket-region'] ?? (typeof Region === 'string' ? Region : undefined);
}

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

/**
 * The region that requests are first sent to. Fails where nobody says which: before the first request, which could not
 * be signed.
 */
export async function regionOf({ region, client }: S3DriverOptions, loaded: () => Promise<Sdk>): Promise<string> {
  // The SDK looks there first, too.
  const given = region ?? process.env['AWS_REGION'];
  if (given !== undefined && given !== '') return given;
  const sdk = await loaded();
  try {
    return await new sdk.S3Client({ ...client }).config.region();
  } catch (cause) {
    throw new DriverFault('InvalidConfig', 'no region is known', {
      cause,
      hint: 'set region, or the environment variable AWS_REGION, or the region of the profile',
    });
  }
}
