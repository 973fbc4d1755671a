import { readXml } from '@storage/core/driver';
import type { ListedBlob, Listing } from '../verbs.ts';

/** The answer to List Blobs, in the words of the SDK. Throws a `SyntaxError` for one that is cut off, or is no listing. */
export function readListing(xml: string): Listing {
  const blobs: ListedBlob[] = [];
  const prefixes: string[] = [];
  let marker = '';
  let root = '';
  let name = '';
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
      if (element === 'BlobPrefix') prefixes.push(name);
      else if (element === 'Blob' && properties !== undefined) {
        blobs.push(metadata === undefined ? { name, properties } : { name, properties, metadata });
      }
      metadata = properties = undefined;
    } else if (depth === 2 && element === 'NextMarker') marker = text;
    else if (depth === 1) root = element;
  });
  if (root !== 'EnumerationResults') throw new SyntaxError('this is no listing');
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

function propertiesOf(said: Readonly<Record<string, string>>): ListedBlob['properties'] {
  const properties: Said<ListedBlob['properties']> = {
    etag: said['Etag'] ?? said['ETag'] ?? '',
    lastModified: new Date(said['Last-Modified'] ?? ''),
  };
  const length = said['Content-Length'];
  const type = said['Content-Type'];
  const tier = said['AccessTier'];
  if (length !== undefined) properties.contentLength = Number(length);
  if (type !== undefined) properties.contentType = type;
  if (tier !== undefined && tier !== '') properties.accessTier = tier;
  return properties;
}
