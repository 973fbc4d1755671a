import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { S3DriverOptions } from '../options.ts';

/** Options of the SDK's client that do not change where a request of a plain bucket goes. */
const harmless: ReadonlySet<string> = new Set(['profile', 'useArnRegion']);

/** Of other regions the SDK knows the address. */
const plainRegion = /^(?:(?:af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+|(?:us-gov|cn)-[a-z]+)-\d+$/;

/** Why requests to this bucket cannot be signed and sent here: what the SDK knows of it is not worth a second copy. */
export async function whyNotDirect(options: S3DriverOptions, region: string): Promise<string | undefined> {
  const { bucketName, client = {}, endpointUrl } = options;
  const set = Object.entries(client).filter(([name, value]) => !harmless.has(name) && value !== false);
  if (set.length > 0) return `the SDK is to have ${set.map(([name]) => name).join(', ')}`;
  if (bucketName.startsWith('arn:')) return 'the bucket is an ARN';
  if (/--[a-z]+-s3$/.test(bucketName)) return 'the bucket is a directory bucket, or the like';
  if (bucketName.endsWith('.mrap')) return 'the bucket is a multi-region access point';
  if (endpointUrl !== undefined) return undefined;
  if (!plainRegion.test(region)) return `the address of the region ${region} is known to the SDK alone`;
  return (await isElsewhere()) ? 'the environment or a configuration file of AWS sets other addresses' : undefined;
}

/** Whether the environment, or a file that the SDK reads, may set another address than that of the region. */
async function isElsewhere(): Promise<boolean> {
  const names = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'];
  if (names.some((name) => process.env[name] !== undefined)) return true;
  const files = [
    process.env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config'),
    process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws', 'credentials'),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  // Whichever of its sections: it is rare, and the SDK is right in any case.
  return texts.some((text) => /endpoint_url|fips|dualstack/i.test(text));
}
