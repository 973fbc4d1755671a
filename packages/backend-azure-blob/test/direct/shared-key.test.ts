import { ContainerClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeKey } from '../../src/direct/address.ts';
import { createSharedKeySigner } from '../../src/direct/shared-key.ts';

const isLong = process.env['STORAGE_TESTS_LONG'] === '1';
const accountKey = Buffer.alloc(64, 'k').toString('base64');
const sign = createSharedKeySigner('account', accountKey);

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: { headersArray(): { readonly name: string; readonly value: string }[] };
}

/** Requests that the SDK has signed and would have sent. */
const sent: Sent[] = [];
const httpClient = {
  sendRequest: (request: unknown) => {
    sent.push(request as Sent);
    return Promise.reject(new Error('sent'));
  },
};
const pipelineOptions = { httpClient, retryOptions: { maxTries: 1 } } as unknown as Parameters<typeof newPipeline>[1];
const container = new ContainerClient(
  'https://account.blob.core.windows.net/uploads',
  newPipeline(new StorageSharedKeyCredential('account', accountKey), pipelineOptions),
);

async function signedBySdk(call: () => Promise<unknown>): Promise<Sent> {
  sent.length = 0;
  await expect(call()).rejects.toThrow('sent');
  return sent[0] as Sent;
}

/** The signature of the same request by ours. */
function signedByUs({ method, url, headers }: Sent): string {
  const { pathname, searchParams } = new URL(url);
  const given = headers
    .headersArray()
    .map(({ name, value }) => [/^x-ms-meta-/i.test(name) ? name : name.toLowerCase(), value]);
  const path = pathname === '/uploads' ? pathname : `/uploads/${encodeKey(decodeURIComponent(pathname.slice(9)))}`;
  return sign({
    method,
    path,
    query: Object.fromEntries(searchParams),
    headers: Object.fromEntries(given) as Record<string, string>,
  });
}

function authorizationIn({ headers }: Sent): string | undefined {
  return headers.headersArray().find(({ name }) => name.toLowerCase() === 'authorization')?.value;
}

const odd = fc.constantFrom(...Array.from('abXYZ019 -_.~!*\'()%+&=?#:@$,;[]{}|^<>"`/ü日😀é'));
const key = fc
  .string({ unit: odd, minLength: 1, maxLength: 20 })
  // Segments that are only dots are no keys; the SDK drops slashes at the start.
  .filter((text) => !text.split('/').some((segment) => /^\.*$/.test(segment)));
const identifier = fc
  .string({ unit: fc.constantFrom(...Array.from('abcdXYZ_0189')), minLength: 1, maxLength: 12 })
  .map((text) => `m${text}`);
const value = fc.string({ unit: fc.constantFrom(...Array.from('aZ09 -_=+/%:;,')), maxLength: 12 });
const metadata = fc.dictionary(identifier, value, { maxKeys: 6 }).filter((entries) => {
  const names = Object.keys(entries).map((name) => name.toLowerCase());
  return new Set(names).size === names.length;
});
const etag = fc.constantFrom('"0x8D"', '*', 'W/"a b"');

const calls = fc.oneof(
  fc
    .record({ key, metadata, ifNoneMatch: fc.option(etag, { nil: undefined }), length: fc.nat(3) })
    .map(({ key: name, metadata: entries, ifNoneMatch, length }) => () => {
      const conditions = ifNoneMatch === undefined ? {} : { ifNoneMatch };
      const options = { metadata: entries, tags: entries, tier: 'Cool', conditions };
      return container.getBlockBlobClient(name).upload(Buffer.alloc(length), length, options);
    }),
  fc
    .record({ key, id: value, md5: fc.uint8Array({ minLength: 16, maxLength: 16 }) })
    .map(({ key: name, id, md5 }) => () => {
      const blockId = Buffer.from(`b${id}`).toString('base64');
      return container
        .getBlockBlobClient(name)
        .stageBlock(blockId, Buffer.from('x'), 1, { transactionalContentMD5: md5 });
    }),
  fc
    .record({ key, start: fc.nat(9), ifMatch: etag, since: fc.date({ min: new Date(0), noInvalidDate: true }) })
    .map(({ key: name, start, ifMatch, since }) => () => {
      const conditions = { ifMatch, ifModifiedSince: since, ifUnmodifiedSince: since };
      return container.getBlobClient(name).download(start, 5, { conditions, maxRetryRequests: 0 });
    }),
  fc.record({ key }).map(
    ({ key: name }) =>
      () =>
        container.getBlobClient(name).withVersion('2026-01-01T00:00:00.0000000Z').delete(),
  ),
  fc.record({ prefix: key, marker: value }).map(({ prefix, marker }) => () => {
    const pages = container.listBlobsByHierarchy('/', { prefix, includeMetadata: true });
    return pages.byPage({ maxPageSize: 7, continuationToken: `m${marker}` }).next();
  }),
);

test('every request has the signature that the SDK gives it', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(calls, async (call) => {
      const request = await signedBySdk(call);
      expect(signedByUs(request)).toBe(authorizationIn(request));
    }),
    { numRuns: isLong ? 100_000 : 1_000 },
  );
});

test('a key is spelled as the SDK spells it', async () => {
  await fc.assert(
    fc.asyncProperty(key, async (name) => {
      const { url } = await signedBySdk(() => container.getBlobClient(name).getProperties());
      expect(`https://account.blob.core.windows.net/uploads/${encodeKey(name)}`).toBe(url);
    }),
    { numRuns: isLong ? 10_000 : 300 },
  );
});
