import type { StorageDriver, UploadBody } from '@storage/core/driver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type BothTransports, openBothTransports } from './both-transports.ts';
import { context } from './scripted-driver.ts';

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
  'beginning of an upload': (driver) => driver.multipart!.create(create, context),
  'completion of an upload': (driver) => driver.multipart!.complete(complete, context),
  'completion if absent': (driver) =>
    driver.multipart!.complete({ ...complete, condition: { ifAbsent: true } }, context),
  'completion if it is': (driver) =>
    driver.multipart!.complete({ ...complete, condition: { ifMatch: '"e"' } }, context),
  'end of an upload': (driver) => driver.multipart!.abort({ key: 'a', uploadId: 'u' }, context),
  remove: (driver) => driver.remove({ key: 'a' }, context),
  list: (driver) => driver.listPage({ prefix: '', limit: 10 }, context),
  check: (driver) => driver.check(context),
};

const attributes = { headers: { contentType: 'text/plain' }, metadata: {} };
const create = { key: 'a', attributes, integrity: 'default' } as const;
const parts = [{ partNumber: 1, size: 4, etag: '"e"' }];
const complete = { key: 'a', uploadId: 'u', parts, condition: {}, attributes };

function put(body: UploadBody): Parameters<StorageDriver['put']>[0] {
  return { key: 'a', body, attributes, condition: {}, integrity: 'default' };
}

let both: BothTransports;
beforeAll(async () => {
  both = await openBothTransports();
});
afterAll(() => both.close());

test.each(Object.entries(calls))('%s is refused for the same reasons by both transports', async (_name, call) => {
  for (const answer of answers) {
    both.answer(answer);
    const direct = await both.outcome('direct', call);
    expect(direct, JSON.stringify(answer)).toEqual(await both.outcome('sdk', call));
  }
});
