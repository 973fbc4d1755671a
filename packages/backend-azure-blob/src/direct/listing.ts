import { readXml } from '@storage/core/driver';
import type { ListedBlob, Listing } from '../verbs.ts';

/** The answer to List Blobs, in the words of the SDK. Throws a `SyntaxError` for one that is cut off, or is no listing. */
export function readListing(xml: string): Listing {
  const blobs: ListedBlob[] = [];
  const prefixes: string[] = [];
  let marker = '';
  // Of the elements around the blobs.
  const seen = new Set<string>();
  let name: string | undefined;
  let metadata: Record<string, string> | undefined;
  let properties: Said<ListedBlob['properties']> | undefined;
  let inside = emptyRecord();

  readXml(xml, (element, depth, text, attributes) => {
    if (depth === 5) inside[element] = text;
    else if (depth === 4) {
      if (element === 'Name') name = attributes === '' ? text : decodedName(text, attributes);
      else if (element === 'Properties') properties = propertiesOf(inside);
      else if (element === 'Metadata') metadata = inside;
      inside = emptyRecord();
    } else if (depth === 3) {
      if (element === 'BlobPrefix') prefixes.push(required(name, 'Name'));
      else if (element === 'Blob') blobs.push(blobOf(name, properties, metadata));
      name = metadata = properties = undefined;
    } else if (depth === 2) {
      if (element === 'NextMarker') marker = text;
      seen.add(element);
    } else if (depth === 1) seen.add(element);
  });
  if (!seen.has('EnumerationResults') || !seen.has('Blobs')) throw new SyntaxError('this is no listing');
  return { blobs, prefixes, marker };
}

/** Without a prototype: metadata may have any name. */
function emptyRecord(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}

type Said<T> = { -readonly [K in keyof T]: T[K] };

/** Names that XML cannot carry come encoded, and say so. */
function decodedName(text: string, attributes: string): string {
  return /\bEncoded\s*=\s*["']true["']/i.test(attributes) ? decodeURIComponent(text) : text;
}

function blobOf(
  name: string | undefined,
  properties: ListedBlob['properties'] | undefined,
  metadata: Record<string, string> | undefined,
): ListedBlob {
  const blob = { name: required(name, 'Name'), properties: required(properties, 'Properties') };
  return metadata === undefined ? blob : { ...blob, metadata };
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new SyntaxError(`a listed blob has no ${name}`);
  return value;
}

function propertiesOf(said: Readonly<Record<string, string>>): ListedBlob['properties'] {
  const properties: Said<ListedBlob['properties']> = {
    etag: required(said['Etag'], 'Etag'),
    lastModified: new Date(required(said['Last-Modified'], 'Last-Modified')),
  };
  const length = said['Content-Length'];
  const type = said['Content-Type'];
  const tier = said['AccessTier'];
  properties.contentLength = Number(required(length, 'Content-Length'));
  if (type !== undefined) properties.contentType = type;
  if (tier !== undefined && tier !== '') properties.accessTier = tier;
  return properties;
}
