import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineCapabilities, type StorageDriver, type UploadBody } from '@storage/core/driver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createS3Driver, profiles, type Transport } from '../src/index.ts';

// A scripted server: no emulator answers with all of these.
interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let answer: Answer = { status: 500 };
const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  request.resume();
  request.once('end', () => {
    const { status, body = '', headers = {} } = answer;
    response.writeHead(status, { 'x-amz-request-id': 'R1', ...headers });
    response.end(request.method === 'HEAD' ? '' : body);
  });
});

const xml = (code: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>It &lt;is&gt; so</Message>${more}<RequestId>R1</RequestId></Error>`;

const answers: readonly Answer[] = [
  ...[
    [304, 'NotModified'],
    [400, 'InvalidArgument'],
    [400, 'RequestTimeout'],
    [400, 'ExpiredToken'],
    [400, 'AuthorizationHeaderMalformed'],
    [400, 'XAmzContentSHA256Mismatch'],
    [301, 'PermanentRedirect'],
    [307, 'TemporaryRedirect'],
    [403, 'AccessDenied'],
    [403, 'SignatureDoesNotMatch'],
    [403, 'InvalidAccessKeyId'],
    [403, 'InvalidObjectState'],
    [403, 'RequestTimeTooSkewed'],
    [404, 'NoSuchKey'],
    [404, 'NoSuchBucket'],
    [404, 'NoSuchUpload'],
    [404, 'NoSuchVersion'],
    [405, 'MethodNotAllowed'],
    [409, 'ConditionalRequestConflict'],
    [409, 'OperationAborted'],
    [412, 'PreconditionFailed'],
    [416, 'InvalidRange'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [501, 'NotImplemented'],
    [503, 'SlowDown'],
    [503, 'ServiceUnavailable'],
    [507, 'XMinioStorageFull'],
  ].map(([status, code]) => ({ status: Number(status), body: status === 304 ? '' : xml(String(code)) })),
  { status: 403 },
  { status: 404 },
  { status: 412 },
  { status: 500 },
  { status: 502, body: '<html><body>Bad Gateway</body></html>', headers: { 'content-type': 'text/html' } },
  { status: 503, headers: { 'retry-after': '2' } },
  { status: 503, body: xml('SlowDown'), headers: { 'retry-after': '7' } },
  { status: 404, headers: { 'x-minio-error-code': 'NoSuchBucket' } },
  { status: 405, headers: { 'x-amz-delete-marker': 'true' } },
];

const signal = new AbortController().signal;
const context = { signal, attempt: 1 };

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
const inMemory = (): UploadBody => ({ size: 4, pieces: [Buffer.from('body')], open: () => one(Buffer.from('body')) });
const streamed = (): UploadBody => ({ size: 4, open: () => one(Buffer.from('body')) });

const calls: Readonly<Record<string, (driver: StorageDriver) => Promise<unknown>>> = {
  head: (driver) => driver.head({ key: 'a' }, context),
  get: (driver) => driver.get({ key: 'a' }, context),
  put: (driver) => driver.put(put(inMemory()), context),
  'put of a stream': (driver) => driver.put(put(streamed()), context),
  'put if absent': (driver) => driver.put({ ...put(inMemory()), condition: { ifAbsent: true } }, context),
  remove: (driver) => driver.remove({ key: 'a' }, context),
  list: (driver) => driver.listPage({ prefix: '', limit: 10 }, context),
  check: (driver) => driver.check(context),
};

function put(body: UploadBody): Parameters<StorageDriver['put']>[0] {
  const attributes = { headers: { contentType: 'text/plain' }, metadata: {} };
  return { key: 'a', body, attributes, condition: {}, integrity: 'default' };
}

const drivers = new Map<Transport, StorageDriver>();

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  for (const transport of ['sdk', 'direct'] as const) {
    const driver = createS3Driver({
      type: 'scripted',
      capabilities: defineCapabilities({ tiers: false, sign: false, versions: false } as never),
      profile: profiles.minio,
      bucketName: 'bucket',
      region: 'us-east-1',
      endpointUrl: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      pathStyle: true,
      createBucket: false,
      transport,
    });
    await driver.open(context);
    drivers.set(transport, driver);
  }
});

afterAll(async () => {
  for (const driver of drivers.values()) await driver.close();
  await new Promise((resolve) => server.close(resolve));
});

async function classified(transport: Transport, call: string): Promise<unknown> {
  const driver = drivers.get(transport);
  if (driver === undefined) throw new Error(`no driver for ${transport}`);
  return calls[call]?.(driver).then(
    (value) => ({ resolved: value }),
    (error: unknown) => ({ ...driver.classify(error), message: error instanceof Error ? error.message : '' }),
  );
}

test.each(Object.keys(calls))('%s is refused for the same reasons by both transports', async (call) => {
  for (const each of answers) {
    answer = each;
    const direct = await classified('direct', call);
    expect(direct, JSON.stringify(each)).toEqual(await classified('sdk', call));
  }
});
