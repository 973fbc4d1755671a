import type { StorageDriver, UploadBody } from '@storage/core/driver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseOptions } from '../../src/config.ts';
import { createAzureBlobDriver } from '../../src/driver.ts';
import { bodyOf, context, requestOf } from '../driver.ts';
import { failure } from '../scripted/documented-answers.ts';
import {
  accountKey,
  accountName,
  containerName,
  type ScriptedAnswer,
  type ScriptedService,
  startScriptedService,
} from '../scripted/scripted-service.ts';

const codes: readonly (readonly [status: number, code: string])[] = [
  [304, 'ConditionNotMet'],
  [400, 'InvalidHeaderValue'],
  [400, 'InvalidMetadata'],
  [400, 'InvalidBlockList'],
  [400, 'InvalidResourceName'],
  [400, 'OutOfRangeInput'],
  [400, 'Md5Mismatch'],
  [400, 'BlobAccessTierNotSupportedForAccountType'],
  [401, 'NoAuthenticationInformation'],
  [401, 'InvalidAuthenticationInfo'],
  [403, 'AuthenticationFailed'],
  [403, 'AuthorizationFailure'],
  [403, 'AuthorizationPermissionMismatch'],
  [404, 'BlobNotFound'],
  [404, 'ContainerNotFound'],
  [404, 'ResourceNotFound'],
  [405, 'UnsupportedHttpVerb'],
  [409, 'BlobAlreadyExists'],
  [409, 'BlobArchived'],
  [409, 'BlobImmutableDueToPolicy'],
  [409, 'ContainerBeingDeleted'],
  [409, 'LeaseAlreadyPresent'],
  [409, 'PendingCopyOperation'],
  [409, 'SnapshotsPresent'],
  [411, 'MissingContentLengthHeader'],
  [412, 'ConditionNotMet'],
  [412, 'LeaseIdMissing'],
  [413, 'RequestBodyTooLarge'],
  [416, 'InvalidRange'],
  [429, 'TooManyRequests'],
  [500, 'InternalError'],
  [500, 'OperationTimedOut'],
  [501, 'APINotImplemented'],
  [503, 'ServerBusy'],
];

const answers: readonly ScriptedAnswer[] = [
  ...codes.map(([status, code]): ScriptedAnswer => {
    const answer = failure(status, code, 'It &lt;is&gt; so.\nRequestId:1');
    return status === 304 ? { ...answer, body: '' } : answer;
  }),
  // Without a body, and with a code that only the body tells.
  ...codes.map(([status, code]): ScriptedAnswer => ({ status, headers: { 'x-ms-error-code': code } })),
  { status: 404, headers: { 'content-type': 'application/xml' }, body: '<Error><Code>BlobNotFound</Code></Error>' },
  { status: 403 },
  { status: 404 },
  { status: 412 },
  { status: 500 },
  { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><body>Bad Gateway</body></html>' },
  { status: 503, headers: { 'retry-after': '2' } },
  failure(503, 'ServerBusy', 'Busy.', { 'retry-after': '7' }),
  failure(
    403,
    'AuthenticationFailed',
    'No.',
    {},
    '<AuthenticationErrorDetail>Signature not valid in the specified time frame</AuthenticationErrorDetail>',
  ),
];

const streamed = (): UploadBody & { readonly size: number } => {
  const { size, open } = bodyOf(Buffer.from('body'));
  return { size, open };
};
const part = { key: 'a', uploadId: 'storage-0123456789abcdef', partNumber: 1, integrity: 'default' } as const;

const upload = {
  key: 'a',
  uploadId: part.uploadId,
  parts: [{ partNumber: 1, size: 4, etag: Buffer.from(`${part.uploadId}000010000004mfy1c0zzaB3_`).toString('base64') }],
  attributes: { headers: { contentType: 'text/plain' }, metadata: {} },
  condition: { ifAbsent: true },
} as const;

const calls: Readonly<Record<string, (driver: StorageDriver) => Promise<unknown>>> = {
  head: (driver) => driver.head({ key: 'a' }, context),
  'head with a condition': (driver) => driver.head({ key: 'a', ifMatch: '"a"' }, context),
  get: (driver) => driver.get({ key: 'a' }, context),
  'get of a part': (driver) => driver.get({ key: 'a', range: { start: 1, end: 3 } }, context),
  put: (driver) => driver.put(requestOf('a', 'body'), context),
  'put of a stream': (driver) => driver.put(requestOf('a', streamed()), context),
  'put if absent': (driver) => driver.put(requestOf('a', 'body', { condition: { ifAbsent: true } }), context),
  part: (driver) => driver.multipart?.putPart({ ...part, body: bodyOf(Buffer.from('part')) }, context) as never,
  complete: (driver) => driver.multipart?.complete(upload, context) as never,
  remove: (driver) => driver.remove({ key: 'a' }, context),
  'remove with a condition': (driver) => driver.remove({ key: 'a', ifMatch: '"a"' }, context),
  list: (driver) => driver.listPage({ prefix: '', limit: 10 }, context),
};

let answer: ScriptedAnswer = { status: 500 };
let service: ScriptedService;
const drivers = new Map<string, StorageDriver>();

beforeAll(async () => {
  service = await startScriptedService(() => answer);
  for (const transport of ['sdk', 'direct'] as const) {
    const { endpointUrl } = service;
    const { driver } = parseOptions({ accountName, accountKey, containerName, endpointUrl, transport });
    const opened = createAzureBlobDriver(driver);
    await opened.open(context);
    drivers.set(transport, opened);
  }
});

afterAll(async () => {
  for (const driver of drivers.values()) await driver.close();
  await service.close();
});

async function classified(transport: string, call: string): Promise<unknown> {
  const driver = drivers.get(transport) as StorageDriver;
  const { requestId: _, ...outcome } = await (calls[call] as (driver: StorageDriver) => Promise<unknown>)(driver).then(
    (value) => ({ resolved: value, requestId: '' }),
    (error: unknown) => ({ requestId: '', ...driver.classify(error), message: (error as Error).message }),
  );
  return outcome;
}

test.each(Object.keys(calls))('%s is refused for the same reasons by both transports', async (call) => {
  for (const each of answers) {
    answer = each;
    expect(await classified('direct', call), JSON.stringify(each)).toEqual(await classified('sdk', call));
  }
});
