import type { PartReceipt, StorageDriver, UploadBody } from '@storage/core/driver';
import { expect, onTestFinished, test } from 'vitest';
import { parseOptions } from '../../src/config.ts';
import { createAzureBlobDriver } from '../../src/driver.ts';
import type { AzureBlobOptions } from '../../src/index.ts';
import { bodyOf, context, requestOf } from '../driver.ts';
import { blob, listing, written } from '../scripted/documented-answers.ts';
import {
  accountKey,
  accountName,
  containerName,
  type ScriptedAnswer,
  type ScriptedRequest,
  startScriptedService,
} from '../scripted/scripted-service.ts';

// What the SDK sends besides says who it is, not what it wants.
const ofTheSdk = new Set(['user-agent', 'accept', 'x-ms-client-request-id', 'accept-encoding']);
// These differ with the second.
const ofTheMoment = new Set(['x-ms-date', 'authorization', 'host', 'connection']);

const version = '2026-01-01T00:00:00.0000000Z';
const key = "a b/ü%2F+'()*!~?#&=:@$,;[].txt";

const answers: readonly ((request: ScriptedRequest) => ScriptedAnswer | undefined)[] = [
  ({ query }) => (query.get('comp') === 'list' ? listing([]) : undefined),
  ({ method }) => (method === 'PUT' ? written('"0x1"', { 'x-ms-version-id': version }) : undefined),
  ({ method }) => (method === 'DELETE' ? { status: 202 } : undefined),
  () => blob('text', { 'x-ms-version-id': version }),
];

/** The requests that a call makes, without what does not matter. */
async function requestsOf(
  transport: 'sdk' | 'direct',
  options: AzureBlobOptions,
  call: (driver: StorageDriver) => Promise<unknown>,
): Promise<unknown> {
  const service = await startScriptedService(
    (request) => answers.map((answer) => answer(request)).find((answer) => answer !== undefined) as ScriptedAnswer,
  );
  const account = options.sasToken === undefined ? { accountName, accountKey } : { accountName };
  const { endpointUrl } = service;
  const { driver: parsed } = parseOptions({ ...account, containerName, endpointUrl, ...options, transport });
  const driver = createAzureBlobDriver(parsed);
  await driver.open(context);
  onTestFinished(async () => {
    await driver.close();
    await service.close();
  });
  await call(driver);
  return service.requests.map(({ method, key: of, query, headers, body }) => ({
    method,
    of,
    query: [...query].map(([name, value]) => [name.toLowerCase(), value]).sort(),
    headers: Object.entries(headers)
      .filter(([name]) => !ofTheSdk.has(name) && !ofTheMoment.has(name))
      .sort(),
    isAuthorized: headers['authorization']?.startsWith(`SharedKey ${accountName}:`) ?? false,
    body: body.toString(),
  }));
}

const attributes = {
  headers: {
    contentType: 'text/plain; charset=utf-8',
    cacheControl: 'no-cache',
    contentDisposition: 'inline; filename="a.txt"',
    contentEncoding: 'gzip',
    contentLanguage: 'de',
  },
  metadata: { jobId: '456', a_b: ' ü ', empty: '' },
  tags: { 'a b': 'c+d/ü', two: '' },
  tier: 'Cool',
  token: 'T'.repeat(22),
};
const streamed = (text: string): UploadBody & { readonly size: number } => {
  const { size, open } = bodyOf(Buffer.from(text));
  return { size, open };
};
const part = { key, uploadId: 'storage-0123456789abcdef', partNumber: 1, integrity: 'default' } as const;

// Base64 of ids of the shape that receipts carry.
const receiptOf = (partNumber: number, size: number): PartReceipt => ({
  partNumber,
  size,
  etag: Buffer.from(`${part.uploadId}0000${partNumber}000000${size}mfy1c0zzaB3_`).toString('base64'),
});
const upload = {
  key,
  uploadId: part.uploadId,
  parts: [receiptOf(1, 4), receiptOf(2, 0), receiptOf(3, 1)],
  attributes: { headers: { contentType: 'text/plain' }, metadata: {} },
};

const calls: Readonly<Record<string, (driver: StorageDriver) => Promise<unknown>>> = {
  head: (driver) => driver.head({ key }, context),
  'head with conditions': (driver) => driver.head({ key, ifMatch: '"a"', ifNoneMatch: '"b"' }, context),
  get: (driver) => driver.get({ key }, context),
  'get of a part': (driver) => driver.get({ key, range: { start: 1, end: 3 } }, context),
  'get from a byte on': (driver) => driver.get({ key, range: { start: 1 } }, context),
  'get of all from the first byte on': (driver) => driver.get({ key, range: { start: 0 } }, context),
  'get with conditions': (driver) =>
    driver.get({ key, ifMatch: '"a"', ifModifiedSince: new Date(0), ifUnmodifiedSince: new Date(1e12) }, context),
  put: (driver) => driver.put(requestOf(key, 'text'), context),
  'put of nothing': (driver) => driver.put(requestOf(key, ''), context),
  'put of several pieces': (driver) => driver.put(requestOf(key, bodyOf(Buffer.from('a'), Buffer.from('b'))), context),
  'put of a stream': (driver) => driver.put(requestOf(key, streamed('text'), { integrity: 'none' }), context),
  'put with all there is': (driver) =>
    driver.put(requestOf(key, 'text', { attributes, condition: { ifMatch: '"a"' } }), context),
  'put if absent': (driver) => driver.put(requestOf(key, 'text', { condition: { ifAbsent: true } }), context),
  'put without checksum': (driver) => driver.put(requestOf(key, 'text', { integrity: 'none' }), context),
  part: (driver) => driver.multipart?.putPart({ ...part, body: bodyOf(Buffer.from('part')) }, context) as never,
  complete: (driver) => driver.multipart?.complete({ ...upload, condition: {} }, context) as never,
  'complete with all there is': (driver) =>
    driver.multipart?.complete({ ...upload, attributes, condition: { ifMatch: '"a"' } }, context) as never,
  remove: (driver) => driver.remove({ key }, context),
  'remove with a condition': (driver) => driver.remove({ key, ifMatch: '"a"' }, context),
  list: (driver) => driver.listPage({ prefix: '', limit: 5 }, context),
  'list of a folder': (driver) =>
    driver.listPage({ prefix: 'a b/ü+&=', delimiter: '/', limit: 5, include: ['metadata'] }, context),
  'list from a cursor': (driver) =>
    driver.listPage({ prefix: 'a', limit: 5, cursor: JSON.stringify({ marker: '2!8!a+/=' }) }, context),
};

/** Ids of blocks carry the time and chance. */
function withoutIds(requests: unknown): unknown {
  return JSON.parse(JSON.stringify(requests).replace(/\["blockid","[^"]+"\]/g, '["blockid"]')) as unknown;
}

const customerProvidedKey = Buffer.alloc(32, 'c').toString('base64');
const accounts: Readonly<Record<string, AzureBlobOptions>> = {
  'the key of the account': {},
  'a signature': { sasToken: 'sv=2026-10-06&ss=b&sp=rwdl&sig=a%2Bb%2F%3D' },
  'a tier and an encryption scope': { tier: 'Cold', encryptionScope: 'scope-1' },
};

test.each(Object.keys(calls))('%s is the same request on both transports', async (name) => {
  const call = calls[name] as (driver: StorageDriver) => Promise<unknown>;
  for (const [account, options] of Object.entries(accounts)) {
    const bySdk = await requestsOf('sdk', options, call);
    expect(withoutIds(await requestsOf('direct', options, call)), account).toEqual(withoutIds(bySdk));
  }
});

test.each(['head', 'get', 'remove'])('%s of a version is the same request on both transports', async (name) => {
  const call = (driver: StorageDriver): Promise<unknown> =>
    (driver[name as 'head'] as (request: object, given: object) => Promise<unknown>)(
      { key, versionId: version },
      context,
    );
  const bySdk = await requestsOf('sdk', { versions: true }, call);
  expect(await requestsOf('direct', { versions: true }, call)).toEqual(bySdk);
});

test('a key of the client goes in no clear text on either', () => {
  const endpointUrl = 'http://127.0.0.1:1/account';
  for (const transport of ['sdk', 'direct'] as const) {
    const options = { accountName, accountKey, containerName, endpointUrl, customerProvidedKey, transport };
    expect(() => parseOptions(options)).toThrow(/https/);
  }
});
