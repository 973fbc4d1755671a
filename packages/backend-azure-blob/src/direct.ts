import type { BlobRequestConditions } from '@azure/storage-blob';
import { bytesOf, finished, fromNodeStream, joined } from '@storage/core/driver';
import { toAnswer } from './direct/answer.ts';
import { readListing } from './direct/listing.ts';
import type { DirectRequest, DirectSend } from './direct/request.ts';
import { half } from './half-answer.ts';
import { inOnePiece } from './send-body.ts';
import type { DownloadInput, ListInput, SizedBody, UploadInput, Verbs } from './verbs.ts';

type Headers = Record<string, string>;

/** The verbs, authorized and sent without the SDK, whose layers cost several times the request. */
export function createDirectVerbs(send: DirectSend): Verbs {
  return {
    async getProperties({ key, versionId }, conditions, signal) {
      const headers = conditionHeaders(conditions);
      const answer = await send({ method: 'HEAD', key, query: versionIn(versionId), headers }, signal);
      answer.resume();
      return toAnswer(answer.headers);
    },
    async download({ key, versionId }, { range, conditions }, signal) {
      const headers = conditionHeaders(conditions);
      const wanted = toHeader(range);
      if (wanted !== undefined) headers['x-ms-range'] = wanted;
      const answer = await send({ method: 'GET', key, query: versionIn(versionId), headers }, signal);
      return Object.assign(toAnswer(answer.headers), { body: answer });
    },
    async upload({ key }, input, body, signal) {
      const headers = uploadHeaders(input);
      const answer = await send({ method: 'PUT', key, query: {}, headers, body: bodyToSend(body, headers) }, signal);
      await finished(answer);
      return toAnswer(answer.headers);
    },
    async stageBlock({ key }, { id, transactionalContentMD5: md5 }, body, signal) {
      const headers: Headers = { 'content-type': 'application/octet-stream' };
      if (md5 !== undefined) headers['content-md5'] = base64(md5);
      const query = { blockid: id, comp: 'block' };
      const answer = await send({ method: 'PUT', key, query, headers, body: bodyToSend(body, headers) }, signal);
      await finished(answer);
    },
    async commitBlocks({ key }, { ids, ...written }, signal) {
      const headers = attributeHeaders(written);
      const body = Buffer.from(blockList(ids));
      headers['content-type'] = 'application/xml';
      headers['content-length'] = String(body.byteLength);
      const answer = await send({ method: 'PUT', key, query: { comp: 'blocklist' }, headers, body }, signal);
      await finished(answer);
      return toAnswer(answer.headers);
    },
    async deleteBlob({ key, versionId }, conditions, signal) {
      const headers = conditionHeaders(conditions);
      const answer = await send({ method: 'DELETE', key, query: versionIn(versionId), headers }, signal);
      await finished(answer);
    },
    async listBlobs(input, signal) {
      const request = { method: 'GET', key: undefined, query: listQuery(input), headers: {} } as const;
      const xml = (await bytesOf(await send(request, signal))).toString('utf8');
      try {
        return readListing(xml);
      } catch (cause) {
        throw half('a listing', 'safe', cause);
      }
    },
    toStream: fromNodeStream,
    // A connection that ends early says so itself.
    named: (error) => error,
  };
}

function versionIn(versionId: string | undefined): DirectRequest['query'] {
  return versionId === undefined ? {} : { versionid: versionId };
}

function conditionHeaders(conditions: BlobRequestConditions): Headers {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const headers: Headers = {};
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  if (ifNoneMatch !== undefined) headers['if-none-match'] = ifNoneMatch;
  if (ifModifiedSince !== undefined) headers['if-modified-since'] = ifModifiedSince.toUTCString();
  if (ifUnmodifiedSince !== undefined) headers['if-unmodified-since'] = ifUnmodifiedSince.toUTCString();
  return headers;
}

/** From the first byte on is the whole blob. */
function toHeader(range: DownloadInput['range']): string | undefined {
  if (range === undefined || (range.start === 0 && range.end === undefined)) return undefined;
  return range.end === undefined ? `bytes=${range.start}-` : `bytes=${range.start}-${range.end - 1}`;
}

/** What Put Blob says of the blob. https://learn.microsoft.com/rest/api/storageservices/put-blob */
function uploadHeaders({ transactionalContentMD5: md5, ...written }: UploadInput): Headers {
  const headers = attributeHeaders(written);
  headers['content-type'] = 'application/octet-stream';
  headers['x-ms-blob-type'] = 'BlockBlob';
  if (md5 !== undefined) headers['content-md5'] = base64(md5);
  return headers;
}

/** What is stored beside the bytes, and on what condition. */
function attributeHeaders({ blobHTTPHeaders, metadata, tags, tier, conditions }: UploadInput): Headers {
  const headers = conditionHeaders(conditions);
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) headers[name] = value;
  };
  set('x-ms-blob-content-type', blobHTTPHeaders?.blobContentType);
  set('x-ms-blob-cache-control', blobHTTPHeaders?.blobCacheControl);
  set('x-ms-blob-content-disposition', blobHTTPHeaders?.blobContentDisposition);
  set('x-ms-blob-content-encoding', blobHTTPHeaders?.blobContentEncoding);
  set('x-ms-blob-content-language', blobHTTPHeaders?.blobContentLanguage);
  set('x-ms-blob-content-md5', blobHTTPHeaders?.blobContentMD5 && base64(blobHTTPHeaders.blobContentMD5));
  set('x-ms-access-tier', tier);
  if (tags !== undefined) headers['x-ms-tags'] = tagsText(tags);
  for (const name in metadata) headers[`x-ms-meta-${name}`] = metadata[name] ?? '';
  return headers;
}

function tagsText(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** https://learn.microsoft.com/rest/api/storageservices/put-block-list */
function blockList(ids: readonly string[]): string {
  const blocks = ids.map((id) => `<Latest>${id}</Latest>`).join('');
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><BlockList>${blocks}</BlockList>`;
}

/** Bytes in memory go in one piece; many of them as a stream, so that core sees them move on a slow line. */
function bodyToSend(body: SizedBody, headers: Headers): DirectRequest['body'] {
  const { pieces, size } = body;
  headers['content-length'] = String(size);
  if (pieces === undefined || size > inOnePiece) return body.open();
  return joined(pieces);
}

/** https://learn.microsoft.com/rest/api/storageservices/list-blobs */
function listQuery({ prefix, delimiter, limit, marker, includeMetadata }: ListInput): DirectRequest['query'] {
  const query: Headers = { restype: 'container', comp: 'list', maxresults: String(limit) };
  if (prefix !== '') query['prefix'] = prefix;
  if (delimiter !== undefined) query['delimiter'] = delimiter;
  if (marker !== undefined) query['marker'] = marker;
  if (includeMetadata) query['include'] = 'metadata';
  return query;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
