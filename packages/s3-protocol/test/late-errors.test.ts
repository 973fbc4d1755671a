import type { StorageDriver } from '@storage/core/driver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type BothTransports, openBothTransports } from './both-transports.ts';
import { context } from './scripted-driver.ts';

// Answers that begin with success, and say what became of it only in their document.

const attributes = { headers: { contentType: 'text/plain' }, metadata: {} };
const part = { partNumber: 1, size: 4, etag: '"e"' };
const upload = { key: 'a', uploadId: 'u' };

const create = (driver: StorageDriver): Promise<unknown> =>
  driver.multipart!.create({ key: 'a', attributes, integrity: 'default' }, context);
const complete = (driver: StorageDriver): Promise<unknown> =>
  driver.multipart!.complete({ ...upload, parts: [part], condition: {}, attributes }, context);
const abort = (driver: StorageDriver): Promise<unknown> => driver.multipart!.abort(upload, context);

let both: BothTransports;
beforeAll(async () => {
  both = await openBothTransports();
});
afterAll(() => both.close());

/** What both transports make of an answer. */
async function outcomeOf(answer: Answer, call: (driver: StorageDriver) => Promise<unknown>): Promise<unknown> {
  both.answer(answer);
  const direct = await both.outcome('direct', call);
  expect(direct).toEqual(await both.outcome('sdk', call));
  return direct;
}

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
const space = ' \n'.repeat(30);
const error = (code: string): string =>
  `<Error><Code>${code}</Code><Message>It &lt;is&gt; so</Message><RequestId>R1</RequestId></Error>`;
const initiated =
  '<InitiateMultipartUploadResult><Bucket>b</Bucket><UploadId>u&amp;1</UploadId></InitiateMultipartUploadResult>';
const completed = `<CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <Location>http://h/b/a?b&amp;c</Location><Bucket>b</Bucket><Key>a&#x2F;&#60;</Key>
  <ETag>&quot;e&#45;1&quot;</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32><ChecksumType>FULL_OBJECT</ChecksumType>
</CompleteMultipartUploadResult>`;

describe.each([
  ['at once', head],
  ['after blanks', head + space],
  ['after blanks that come first', space],
  ['after blanks that come first, with its head', space + head],
])('a document %s', (_when, before) => {
  test.each([
    ['InternalError', { code: 'Unavailable', retryable: 'ambiguous' }],
    ['SlowDown', { code: 'Throttled', retryable: 'safe' }],
    ['ServiceUnavailable', { code: 'Unavailable', retryable: 'ambiguous' }],
    ['RequestTimeout', { code: 'Timeout', retryable: 'safe' }],
    ['NoSuchUpload', { code: 'NotFound', retryable: 'no' }],
    ['PreconditionFailed', { code: 'PreconditionFailed', retryable: 'no' }],
    ['ConditionalRequestConflict', { code: 'Conflict', retryable: 'safe' }],
    ['AccessDenied', { code: 'PermissionDenied', retryable: 'no', onceMore: true }],
    ['SomethingNew', { code: 'Unavailable', retryable: 'ambiguous' }],
  ])('that is the error %s is that error, not a success', async (code, expected) => {
    const refused = { providerCode: code, httpStatus: 503, requestId: 'R1', message: 'It <is> so' };
    const answer = { status: 200, body: before + error(code) };
    expect(await outcomeOf(answer, complete)).toEqual({ ...expected, ...refused });
    const { onceMore: _ofWrites, ...ofOthers } = expected as { onceMore?: boolean };
    expect(await outcomeOf(answer, create)).toEqual({ ...ofOthers, ...refused });
    const aborted = code === 'NoSuchUpload' ? { resolved: undefined } : { ...ofOthers, ...refused };
    expect(await outcomeOf(answer, abort)).toEqual(aborted);
  });

  test('that says what is stored is success', async () => {
    expect(await outcomeOf({ status: 200, body: before + initiated }, create)).toEqual({
      resolved: { uploadId: 'u&1' },
    });
    const headers = { etag: '"of the answer"', 'x-amz-version-id': 'v1', 'x-amz-server-side-encryption': 'AES256' };
    expect(await outcomeOf({ status: 200, body: before + completed, headers }, complete)).toEqual({
      resolved: {
        size: 4,
        etag: '"e-1"',
        versionId: 'v1',
        checksum: { algorithm: 'crc32', value: '00000000' },
        encryption: { algorithm: 'AES256' },
      },
    });
  });
});

test('an end that is written is an end, with a document or without', async () => {
  for (const answer of [{ status: 204 }, { status: 200 }, { status: 200, body: '<x>' }]) {
    expect(await outcomeOf(answer, abort)).toEqual({ resolved: undefined });
  }
});

describe('nobody knows what was done, after', () => {
  const unknown = { code: 'Unavailable', retryable: 'ambiguous' };

  test('a document that ends anywhere', async () => {
    for (let end = 1; end < completed.length; end += 7) {
      expect(await outcomeOf({ status: 200, body: completed.slice(0, end) }, complete)).toMatchObject(unknown);
    }
    for (let end = 1; end < initiated.length; end += 7) {
      expect(await outcomeOf({ status: 200, body: initiated.slice(0, end) }, create)).toMatchObject(unknown);
    }
  });

  test('a connection that ends before the document', async () => {
    for (const body of [' ', completed.slice(0, 20), completed]) {
      for (const headers of [{}, { 'content-length': '1000' }]) {
        const answer = { status: 200, body, headers, isCut: true };
        for (const call of [create, complete, abort]) {
          expect(await outcomeOf(answer, call)).toMatchObject({ ...unknown, providerCode: 'ECONNRESET' });
        }
      }
    }
  });

  test('a success that says nothing', async () => {
    for (const body of ['', space, head, '<html></html>', '<html><p>Sign in</html>', '<R><ETaq>1</ETaq></R>']) {
      expect(await outcomeOf({ status: 200, body, headers: { etag: '"e"' } }, complete)).toMatchObject(unknown);
      expect(await outcomeOf({ status: 200, body }, create)).toMatchObject(unknown);
    }
    both.answer({ status: 200 });
    expect(await both.outcome('direct', complete)).toMatchObject({ providerCode: 'InternalError', httpStatus: 503 });
  });
});

test('a line end behind an error does not make it a success', async () => {
  both.answer({ status: 200, body: `${error('SlowDown')}\n` });
  expect(await both.outcome('direct', complete)).toMatchObject({ code: 'Throttled' });
  // The SDK sees no error there, and no object either.
  expect(await both.outcome('sdk', complete)).toMatchObject({ code: 'Unavailable', retryable: 'ambiguous' });
});
