import { createServer, type IncomingHttpHeaders } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { type PutRequest, type StorageDriver, type UploadBody } from '@storage/core/driver';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addressOf } from '../src/direct/address.ts';
import { profiles, type S3DriverOptions, type Transport } from '../src/index.ts';
import { context, openScripted } from './scripted-driver.ts';

interface Asked {
  readonly method: string | undefined;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let asked: Asked[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.once('end', () => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    // By which operation it is called, the SDK says in every query.
    const query = [...searchParams].filter(([name]) => name !== 'x-id').sort(([a], [b]) => (a < b ? -1 : 1));
    const { method } = request;
    asked.push({ method, path: pathname, query, headers: request.headers, body: Buffer.concat(chunks).toString() });
    const answer = answerTo(method, searchParams);
    const length = String(answer.length);
    const headers = { etag: '"e"', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT', 'content-length': length };
    response.writeHead(200, headers).end(answer);
  });
});
function answerTo(method: string | undefined, query: URLSearchParams): string {
  if (query.has('list-type')) return '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>';
  if (method !== 'POST') return '';
  if (query.has('uploads')) return '<R><UploadId>u</UploadId></R>';
  return '<R><ETag>"e-1"</ETag></R>';
}
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** What says who sends, when, and how often: of these none is of the object. */
const ofTheSender =
  /^(?:user-agent|x-amz-user-agent|amz-sdk-.*|authorization|x-amz-date|accept.*|x-amz-sdk-checksum-algorithm)$/;

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
const bytes = Buffer.from('body');
const inMemory: UploadBody = { size: 4, pieces: [bytes], open: () => one(bytes) };
const streamed: UploadBody = { size: 4, open: () => one(bytes) };

const attributes: PutRequest['attributes'] = {
  headers: {
    contentType: 'text/plain; charset=utf-8',
    cacheControl: 'max-age=60',
    contentDisposition: 'attachment; filename="a b.txt"',
    contentEncoding: 'identity',
    contentLanguage: 'de-AT',
  },
  metadata: { jobId: '456', 'with-dash': 'ä', empty: '' },
  tags: { 'a b': 'c+d', e: '' },
  tier: 'STANDARD_IA',
  token: 'token',
};
const plain = { headers: { contentType: 'a/b' }, metadata: {} };
const put = (more: Partial<PutRequest>): PutRequest => ({
  ...{ key: "a b/ü%2F+'()*!.txt", body: inMemory, attributes, condition: {}, integrity: 'default' },
  ...more,
});

const named = {
  StorageClass: 'GLACIER',
  ServerSideEncryption: 'aws:kms',
  SSEKMSKeyId: 'k',
  BucketKeyEnabled: false,
};
const rare = {
  ...{ ACL: 'private', RequestPayer: 'requester', ExpectedBucketOwner: '123456789012', Expires: new Date(1e12) },
  ...{ ObjectLockMode: 'GOVERNANCE', ObjectLockRetainUntilDate: new Date(2e12), ObjectLockLegalHoldStatus: 'ON' },
  ...{ WebsiteRedirectLocation: '/b', GrantRead: 'id="1"', SSEKMSEncryptionContext: 'e30=' },
};
const customerKey = { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32, 7).toString('base64') };

type Multipart = NonNullable<StorageDriver['multipart']>;
type Created = Parameters<Multipart['create']>[0];
type Completed = Parameters<Multipart['complete']>[0];
const create = (more: Partial<Created>): Created => ({
  ...{ key: "a b/ü%2F+'()*!.txt", attributes, integrity: 'default' },
  ...more,
});
const checksum = { algorithm: 'crc32', value: '0a0b0c0d' } as const;
const parts = [
  { partNumber: 1, size: 4, etag: '"0a"', checksum },
  { partNumber: 10_000, size: 4, etag: `'<&>"\r\n\u0085\u2028ü日]]>`, checksum },
];
const unchecked = [{ partNumber: 1, size: 4, etag: 'e' }, ...parts.slice(1)];
const complete = (more: Partial<Completed>): Completed => ({
  ...{ key: 'a b/ü', uploadId: 'u/+= ', parts, condition: {}, attributes },
  ...more,
});

/** Every field that the driver sets somewhere. */
const calls: Readonly<Record<string, (driver: StorageDriver) => Promise<unknown>>> = {
  head: (driver) => driver.head({ key: 'a', versionId: 'v 1', ifMatch: '"e"', ifNoneMatch: '"f"' }, context),
  get: (driver) => {
    const dates = { ifModifiedSince: new Date(0), ifUnmodifiedSince: new Date(1e12) };
    const conditions = { ifMatch: '"e"', ifNoneMatch: '"f"', ...dates };
    return driver.get({ key: 'ä', versionId: 'v/1', range: { start: 1, end: 4 }, ...conditions }, context);
  },
  'get of a suffix': (driver) => driver.get({ key: 'a', range: { suffix: 3 } }, context),
  put: (driver) => driver.put(put({}), context),
  'put of a stream': (driver) => driver.put(put({ body: streamed }), context),
  'put without a checksum': (driver) => driver.put(put({ integrity: 'none', attributes: plain }), context),
  'put of a stream without a checksum': (driver) => driver.put(put({ integrity: 'none', body: streamed }), context),
  'put if absent': (driver) => driver.put(put({ condition: { ifAbsent: true } }), context),
  'put if it is': (driver) => driver.put(put({ condition: { ifMatch: '"e"' } }), context),
  'put if it is not': (driver) => driver.put(put({ condition: { ifNoneMatch: '"e"' } }), context),
  'put with what direct has a name for': (driver) => {
    return driver.put(put({ native: named }), context);
  },
  'put with what only the SDK knows': (driver) => driver.put(put({ native: rare }), context),
  'put with a key of the customer': (driver) => driver.put(put({ native: customerKey }), context),
  'beginning of an upload': (driver) => driver.multipart!.create(create({}), context),
  'beginning of a plain upload': (driver) => {
    return driver.multipart!.create(create({ attributes: plain, integrity: 'none' }), context);
  },
  'beginning of an upload with what direct has a name for': (driver) => {
    return driver.multipart!.create(create({ native: named }), context);
  },
  'beginning of an upload with what only the SDK knows': (driver) => {
    return driver.multipart!.create(create({ native: rare }), context);
  },
  'beginning of an upload with a key of the customer': (driver) => {
    return driver.multipart!.create(create({ native: customerKey }), context);
  },
  'completion of an upload': (driver) => driver.multipart!.complete(complete({}), context),
  'completion without checksums': (driver) => driver.multipart!.complete(complete({ parts: unchecked }), context),
  'completion if absent': (driver) => driver.multipart!.complete(complete({ condition: { ifAbsent: true } }), context),
  'completion if it is': (driver) => driver.multipart!.complete(complete({ condition: { ifMatch: '"e"' } }), context),
  'completion if it is not': (driver) => {
    return driver.multipart!.complete(complete({ condition: { ifNoneMatch: '"e"' } }), context);
  },
  'end of an upload': (driver) => driver.multipart!.abort({ key: "a b/ü%2F+'", uploadId: 'u/+= ' }, context),
  part: (driver) => driver.multipart!.putPart(part(inMemory), context),
  'part of a stream': (driver) => driver.multipart!.putPart(part(streamed), context),
  remove: (driver) => driver.remove({ key: 'a', versionId: 'v', ifMatch: '"e"' }, context),
  'remove what must exist': (driver) => driver.remove({ key: 'a', mustExist: true }, context),
  list: (driver) => driver.listPage({ prefix: 'a b/', delimiter: '/', limit: 10, startAfter: 'a b/c+d' }, context),
  'list on': (driver) => driver.listPage({ prefix: '', limit: 10, cursor: 'c=/+' }, context),
  check: (driver) => driver.check(context),
};

function part(body: UploadBody): Parameters<NonNullable<StorageDriver['multipart']>['putPart']>[0] {
  return { key: 'a', uploadId: 'u/+=', partNumber: 3, body: { ...body, size: 4 }, integrity: 'default' };
}

async function requestsOf(transport: Transport, call: string, more: Partial<S3DriverOptions>): Promise<unknown> {
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'session' };
  const driver = await openScripted(server, { profile: profiles.aws, credentials, transport, ...more });
  asked = [];
  await calls[call]?.(driver);
  await driver.close();
  return asked.map(({ headers, path, ...request }) => ({
    ...request,
    // The SDK writes a slash behind the bucket.
    path: path.replace(/^\/bucket\/$/, '/bucket'),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !isLeftOut(name, headers))),
  }));
}

/** What differs, and means the same. */
function isLeftOut(name: string, headers: IncomingHttpHeaders): boolean {
  // The SDK gives every body a type, that of a part too, which has none.
  if (name === 'content-type')
    return headers['x-amz-meta-token'] === undefined && headers[name] === 'application/octet-stream';
  // With a trailer the SDK leaves the length of the whole open.
  if (name === 'content-length' || name === 'transfer-encoding') return headers['x-amz-trailer'] !== undefined;
  return ofTheSender.test(name);
}

/** Calls that have a field which direct has no place for. */
const ofTheSdk = /what only the SDK knows|a key of the customer/;

const encryption = { algorithm: 'aws:kms', keyId: 'alias/k', bucketKey: true } as const;

test.each(Object.keys(calls))('%s: both transports send the same', async (call) => {
  for (const more of [{}, { encryption, storageClass: 'GLACIER_IR' }, { profile: profiles.generic }]) {
    const direct = await requestsOf('direct', call, more);
    expect(direct).toHaveLength(1);
    // Who sends says so, and the direct path does not.
    expect(asked.some(({ headers }) => headers['user-agent'] !== undefined)).toBe(ofTheSdk.test(call));
    expect(direct).toEqual(await requestsOf('sdk', call, more));
  }
});

test('requests go where the SDK would send them', async () => {
  const regions =
    'us-east-1 us-west-2 eu-central-1 ap-southeast-5 ca-west-1 il-central-1 mx-central-1 us-gov-west-1 cn-north-1';
  const endpoints = [
    'http://127.0.0.1:9000',
    'http://[::1]:9000',
    'https://minio.example.com',
    'https://a.example/base',
  ];
  const arbitrary = fc.record({
    region: fc.constantFrom(...regions.split(' ')),
    endpointUrl: fc.constantFrom(undefined, ...endpoints),
    bucketName: fc.constantFrom('bucket', 'with.dots', 'x-s3alias', 'a-b-c3'),
    pathStyle: fc.boolean(),
    key: fc.stringMatching(/^[a-z /%+ü!'()*&=?#@$,:;~._-]{1,12}$/),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ region, endpointUrl, bucketName, pathStyle, key }) => {
      // Node reads such segments as others do not; core refuses them.
      fc.pre(!key.split('/').some((segment) => segment === '.' || segment === '..'));
      // Of a number without brackets the SDK makes a URL that is none.
      fc.pre(pathStyle || endpointUrl?.includes('[') !== true);
      // Nor does it put anything before one.
      fc.pre(pathStyle || endpointUrl?.includes('127.') !== true || !bucketName.includes('.'));
      const address = addressOf({ endpointUrl, bucketName, pathStyle } as S3DriverOptions, region);
      const sdk = await sentBySdk({ region, endpointUrl, bucketName, pathStyle, key });
      // Over http the SDK puts a name with dots before the host too, which is the same bucket.
      const isInPath = bucketName.includes('.') && !sdk.path.startsWith(address.pathOf(''));
      fc.pre(!isInPath);
      expect({
        hostname: address.hostname,
        port: address.port,
        path: address.pathOf(key),
        isTls: address.isTls,
      }).toEqual(sdk);
    }),
    { numRuns: 300 },
  );
});

interface Target {
  readonly region: string;
  readonly endpointUrl: string | undefined;
  readonly bucketName: string;
  readonly pathStyle: boolean;
  readonly key: string;
}

/** Where a client of the SDK would send a GET. */
async function sentBySdk({ region, endpointUrl, bucketName, pathStyle, key }: Target): Promise<{
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly isTls: boolean;
}> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const seen = vi.fn();
  const client = new S3Client({
    region,
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    forcePathStyle: pathStyle,
    maxAttempts: 1,
    requestHandler: {
      handle: (request: unknown) => {
        seen(request);
        return Promise.reject(new Error('it is not sent'));
      },
    } as never,
  });
  await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key })).catch(() => undefined);
  const { hostname, port, path, protocol } = seen.mock.calls[0]?.[0] as Record<string, string | number | undefined>;
  return {
    hostname: String(hostname).replace(/^\[|\]$/g, ''),
    port: port === undefined ? '' : String(port),
    path: String(path),
    isTls: protocol === 'https:',
  };
}
