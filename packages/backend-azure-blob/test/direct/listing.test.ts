import type { ListResponse, StorageDriver } from '@storage/core/driver';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseOptions } from '../../src/config.ts';
import { readListing } from '../../src/direct/listing.ts';
import { createAzureBlobDriver } from '../../src/driver.ts';
import { context } from '../driver.ts';
import {
  accountKey,
  accountName,
  containerName,
  type ScriptedService,
  startScriptedService,
} from '../scripted/scripted-service.ts';

const isLong = process.env['STORAGE_TESTS_LONG'] === '1';

let document = '';
let service: ScriptedService;
const drivers: Partial<Record<'sdk' | 'direct', StorageDriver>> = {};

beforeAll(async () => {
  const headers = { 'content-type': 'application/xml' };
  service = await startScriptedService(() => ({ status: 200, headers, body: document }));
  for (const transport of ['sdk', 'direct'] as const) {
    const { endpointUrl } = service;
    const { driver } = parseOptions({ accountName, accountKey, containerName, endpointUrl, transport });
    drivers[transport] = createAzureBlobDriver(driver);
    await drivers[transport].open(context);
  }
});

afterAll(async () => {
  for (const driver of Object.values(drivers)) await driver.close();
  await service.close();
});

function page(transport: 'sdk' | 'direct'): Promise<ListResponse> {
  const request = { prefix: '', delimiter: '/', limit: 100, include: ['metadata'] } as const;
  return (drivers[transport] as StorageDriver).listPage(request, context);
}

const units = fc.constantFrom(...Array.from('abXYZ019 -_.~!*\'()%+&=?#:@$,;[]{}|^<>"`/ü日😀'));
const escaped = (text: string): string =>
  text.replace(
    /[<>&"']/g,
    (odd) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' })[odd] ?? odd,
  );
// The SDK trims; no name and no value begins or ends with white space on the wire.
const text = fc.string({ unit: units, minLength: 1, maxLength: 12 }).map((made) => `n${made}n`);
const isEncoded = fc.boolean();
const name = fc.record({ text, isEncoded }).map(({ text: made, isEncoded: encoded }) => {
  // Encoded are names with characters that XML does not have.
  return encoded
    ? `<Name Encoded="true">${encodeURIComponent(`${made}\u0001\uFFFE`)}</Name>`
    : `<Name>${escaped(made)}</Name>`;
});
const metadata = fc.dictionary(fc.constantFrom('jobId', 'a_b', 'x'), text, { maxKeys: 4 }).map((entries) => {
  const elements = Object.entries(entries).map(([key, value]) => `<${key}>${escaped(value)}</${key}>`);
  return elements.length === 0 ? '<Metadata />' : `<Metadata>${elements.join('')}</Metadata>`;
});
const properties = fc
  .record({
    size: fc.nat(),
    time: fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }),
    etag: fc.constantFrom('0x8DD0000000000AA', '"0x8DD"'),
    type: fc.constantFrom('<Content-Type>text/plain</Content-Type>', '<Content-Type />', ''),
    tier: fc.constantFrom('<AccessTier>Hot</AccessTier><AccessTierInferred>true</AccessTierInferred>', ''),
  })
  .map(
    ({ size, time, etag, type, tier }) =>
      `<Properties><Creation-Time>${time.toUTCString()}</Creation-Time><Last-Modified>${time.toUTCString()}</Last-Modified><Etag>${escaped(etag)}</Etag><Content-Length>${size}</Content-Length>${type}<Content-Encoding /><Content-MD5>AAAA</Content-MD5><BlobType>BlockBlob</BlobType>${tier}<LeaseStatus>unlocked</LeaseStatus></Properties>`,
  );
const blob = fc.tuple(name, properties, metadata).map((parts) => `<Blob>${parts.join('')}<OrMetadata /></Blob>`);
const prefix = name.map((made) => `<BlobPrefix>${made}</BlobPrefix>`);
const listing = fc
  .record({ blobs: fc.array(blob, { maxLength: 4 }), prefixes: fc.array(prefix, { maxLength: 3 }), marker: text })
  .map(
    ({ blobs, prefixes, marker }) =>
      `\uFEFF<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://a/" ContainerName="uploads"><Delimiter>/</Delimiter><Blobs>${blobs.join('')}${prefixes.join('')}</Blobs><NextMarker>${escaped(marker)}</NextMarker></EnumerationResults>`,
  );

test('a listing says the same to both transports', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(listing, async (made) => {
      document = made;
      expect(await page('direct')).toEqual(await page('sdk'));
    }),
    { numRuns: isLong ? 5_000 : 200 },
  );
});

test.each([
  ['nothing', ''],
  ['another document', '<Error><Code>X</Code></Error>'],
  ['no document', 'so be it'],
  ['half a listing', '<?xml version="1.0"?><EnumerationResults><Blobs><Blob><Name>a</Name>'],
])('%s is no listing', async (_, made) => {
  document = made;
  const error: unknown = await page('direct').catch((reason: unknown) => reason);
  expect(drivers.direct?.classify(error)).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
});

test('metadata may have names that the SDK fears', async () => {
  document =
    '<EnumerationResults><Blobs><Blob><Name>a</Name><Properties><Etag>e</Etag><Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified><Content-Length>1</Content-Length></Properties><Metadata><constructor>c</constructor><__proto__>p</__proto__></Metadata></Blob></Blobs></EnumerationResults>';
  const [entry] = (await page('direct')).entries;
  expect(Object.entries(entry?.metadata ?? {})).toEqual([
    ['constructor', 'c'],
    ['__proto__', 'p'],
  ]);
});

test('an element in the place of another is passed over', () => {
  const made =
    '<EnumerationResults><Blobs><Odd><Name>x</Name></Odd><Blob><Name>a</Name><Properties><Etag>e</Etag><Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified><Content-Length>1</Content-Length></Properties></Blob></Blobs><NextMarker/></EnumerationResults>';
  expect(readListing(made)).toMatchObject({ blobs: [{ name: 'a' }], prefixes: [], marker: '' });
});
