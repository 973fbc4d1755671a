import { createHash, createHmac, type Hash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { createServiceClock } from '@storage/core/driver';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createSigner, encodePath, encodeQuery, toSigningTime } from '../src/direct/sigv4.ts';

const isLong = process.env['STORAGE_TESTS_LONG'] === '1';
const empty = createHash('sha256').digest('hex');

/** Examples of the documentation: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
describe('the signatures that AWS publishes', () => {
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const time = { stamp: '20130524T000000Z', day: '20130524' };
  const host = 'examplebucket.s3.amazonaws.com';
  const common = { host, 'x-amz-content-sha256': empty, 'x-amz-date': time.stamp };
  const get = { method: 'GET', path: '/', query: '', headers: common, payload: empty };
  const stored = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';

  test.each([
    [
      'GET of a part of an object',
      { ...get, path: '/test.txt', headers: { ...common, range: 'bytes=0-9' } },
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT of an object',
      {
        method: 'PUT',
        path: `/${encodePath('test$file.text')}`,
        query: '',
        headers: {
          ...common,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-content-sha256': stored,
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
        payload: stored,
      },
      'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'GET of a subresource',
      { ...get, query: encodeQuery({ lifecycle: '' }) },
      'host;x-amz-content-sha256;x-amz-date',
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'GET of a listing',
      { ...get, query: encodeQuery({ prefix: 'J', 'max-keys': '2' }) },
      'host;x-amz-content-sha256;x-amz-date',
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('%s', (_title, request, signedHeaders, signature) => {
    const signer = createSigner({ region: 'us-east-1', service: 's3' });
    expect(signer.authorization(request, keys, time)).toBe(
      `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/20130524/us-east-1/s3/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    );
  });
});

/** What the SDK's signer hashes with. */
class Sha256 {
  readonly #hash: Hash | ReturnType<typeof createHmac>;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(bytes: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(bytes));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    throw new Error('a hash is used once');
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Every odd character that a key, a query or a header may have. */
const oddText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 24 }),
  fc.string({ unit: fc.constantFrom(...Array.from('ab/%+ ~!\'()*&=?#:@$,;[]{}|^`"<>\\.-_ü日𝄞')), maxLength: 24 }),
);
const headerValue = fc.string({ unit: fc.constantFrom(...Array.from('aZ09 \t=;,"/%ü')), maxLength: 16 });
const metadataName = fc.string({ unit: fc.constantFrom(...Array.from('abz019-_.')), minLength: 1, maxLength: 8 });
const secret = fc.string({ minLength: 1, maxLength: 40 });

const requests = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE'),
  key: oddText,
  query: fc.dictionary(
    fc.constantFrom('prefix', 'max-keys', 'uploadId', 'partNumber', 'versionId', 'a b', 'ü'),
    oddText,
  ),
  metadata: fc.dictionary(metadataName, headerValue),
  contentType: fc.option(headerValue, { nil: undefined }),
  accessKeyId: fc.string({ unit: fc.constantFrom(...Array.from('AKIA0123456789')), minLength: 4, maxLength: 20 }),
  secretAccessKey: secret,
  sessionToken: fc.option(fc.base64String({ maxLength: 40 }), { nil: undefined }),
  region: fc.constantFrom('us-east-1', 'eu-central-1', 'cn-north-1'),
  seconds: fc.integer({ min: 0, max: 4_000_000_000 }),
  payload: fc.constantFrom('UNSIGNED-PAYLOAD', empty),
});

test("our signature is that of the SDK's own signer, for whatever characters a request has", {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, key, query, metadata, contentType, region, seconds, ...rest }) => {
      const { payload, ...keys } = rest;
      const signingDate = new Date(seconds * 1000);
      const stamp = signingDate.toISOString().replace(/[-:]|\.000/g, '');
      const path = `/bucket/${encodePath(key)}`;
      const headers: Record<string, string> = {
        host: 'localhost:9000',
        'x-amz-date': stamp,
        'x-amz-content-sha256': payload,
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...(keys.sessionToken !== undefined && { 'x-amz-security-token': keys.sessionToken }),
      };
      for (const [name, value] of Object.entries(metadata)) headers[`x-amz-meta-${name}`] = value;

      const theirs = new SignatureV4({
        service: 's3',
        region,
        sha256: Sha256,
        uriEscapePath: false,
        credentials: keys as { accessKeyId: string; secretAccessKey: string },
      });
      const signed = await theirs.sign(
        { method, protocol: 'http:', hostname: 'localhost', port: 9000, path, query, headers } as never,
        { signingDate },
      );
      const ours = createSigner({ region, service: 's3' }).authorization(
        { method, path, query: encodeQuery(query), headers, payload },
        keys,
        { stamp, day: stamp.slice(0, 8) },
      );
      expect(ours).toBe((signed as unknown as { headers: Record<string, string> }).headers['authorization']);
    }),
    { numRuns: isLong ? 100_000 : 2_000 },
  );
});

test('the signing key follows the day and the keys', () => {
  const signer = createSigner({ region: 'us-east-1', service: 's3' });
  const request = { method: 'GET', path: '/', query: '', headers: { host: 'h' }, payload: empty };
  const sign = (secretAccessKey: string, day: string): string =>
    signer.authorization(request, { accessKeyId: 'a', secretAccessKey }, { day, stamp: `${day}T000000Z` });
  const first = sign('one', '20260101');
  expect(sign('two', '20260101')).not.toBe(first);
  expect(sign('one', '20260102').split('Signature=')[1]).not.toBe(first.split('Signature=')[1]);
  expect(sign('one', '20260101')).toBe(first);
});

test('the clock writes a time as a signature wants it, and at midnight another day', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 23, 59, 59), toFake: ['Date'] });
  try {
    const clock = createServiceClock(toSigningTime);
    expect(clock.now().written).toEqual({ stamp: '20260101T235959Z', day: '20260101' });
    vi.setSystemTime(Date.UTC(2026, 0, 2));
    expect(clock.now().written).toEqual({ stamp: '20260102T000000Z', day: '20260102' });
  } finally {
    vi.useRealTimers();
  }
});
