import { parseArgs } from 'node:util';
import { knownClaims } from './claims.ts';
import type { ProbeOptions } from './run.ts';

export const usage = `storage-s3-probe --bucket NAME --claims minio|aws|generic [options]

Asks a live S3 service what it does, and prints what differs from what is claimed of it. It writes under a fresh prefix
of the bucket, which must exist, and removes what it wrote.

  --bucket NAME         bucket to ask in
  --claims NAME         what to compare with: minio, aws or generic
  --endpoint-url URL    address of the service; default AWS_ENDPOINT_URL, else that of AWS
  --region NAME         default AWS_REGION, AWS_DEFAULT_REGION, else us-east-1
  --access-key KEY      default AWS_ACCESS_KEY_ID, with AWS_SESSION_TOKEN
  --secret-key KEY      default AWS_SECRET_ACCESS_KEY, which other users of the machine do not see
  --virtual-host        put the bucket in the host name, also where an endpoint is given
  --json                print the report as JSON
  --help                print this

Exit code: 0 when every answer bears its claim out or is open, 1 when one differs or failed, 2 when nothing was asked.
`;

/** What a command line asks for. */
export interface ProbeCommand {
  readonly options: ProbeOptions;
  readonly json: boolean;
}

/** A command line that cannot be carried out; the message says what to change. */
export class UsageError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** The command that arguments and environment name; `help`: they ask for the usage. Throws `UsageError`. */
export function parseArguments(args: readonly string[], environment: Environment): ProbeCommand | 'help' {
  const given = parse(args);
  if (given.help === true) return 'help';
  const missing: string[] = [];
  const need = (value: string | undefined, name: string): string => {
    if (value === undefined || value === '') missing.push(name);
    return value ?? '';
  };
  const name = need(given.claims, '--claims minio|aws|generic');
  const options = {
    bucketName: need(given.bucket, '--bucket NAME'),
    accessKey: need(given['access-key'] ?? environment['AWS_ACCESS_KEY_ID'], '--access-key KEY (or AWS_ACCESS_KEY_ID)'),
    secretKey: need(
      given['secret-key'] ?? environment['AWS_SECRET_ACCESS_KEY'],
      '--secret-key KEY (or AWS_SECRET_ACCESS_KEY)',
    ),
    // The token of the environment belongs to the key of the environment.
    sessionToken: given['access-key'] === undefined ? environment['AWS_SESSION_TOKEN'] : undefined,
    region: given.region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'] ?? 'us-east-1',
    endpointUrl: urlOf(given['endpoint-url'] ?? environment['AWS_ENDPOINT_URL']),
    ...(given['virtual-host'] === true && { pathStyle: false }),
  };
  if (missing.length > 0) throw new UsageError(`missing: ${missing.join(', ')}`);
  if (!isKnown(name)) throw new UsageError(`--claims must be minio, aws or generic, not ${JSON.stringify(name)}`);
  return { options: { ...options, claims: knownClaims[name] }, json: given.json === true };
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

type Given = Partial<Record<'bucket' | 'claims' | 'endpoint-url' | 'region' | 'access-key' | 'secret-key', string>> &
  Partial<Record<'virtual-host' | 'json' | 'help', boolean>>;

function parse(args: readonly string[]): Given {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        bucket: text,
        claims: text,
        'endpoint-url': text,
        region: text,
        'access-key': text,
        'secret-key': text,
        'virtual-host': flag,
        json: flag,
        help: flag,
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function urlOf(endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || endpoint === '') return undefined;
  if (!/^https?:\/\//i.test(endpoint) || !URL.canParse(endpoint)) {
    throw new UsageError(`--endpoint-url must begin with http:// or https://, not ${JSON.stringify(endpoint)}`);
  }
  return endpoint;
}

function isKnown(name: string): name is keyof typeof knownClaims {
  return Object.hasOwn(knownClaims, name);
}
