import type { CompletedPart } from '@aws-sdk/client-s3';
import { readXml } from '@storage/core/driver';

/** What a part is named by, in the order of the SDK. */
const known = ['ETag', 'ChecksumCRC32', 'PartNumber'] as const satisfies readonly (keyof CompletedPart)[];
const names: ReadonlySet<string> = new Set(known);

const escapes: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '"': '&quot;', "'": '&apos;', '<': '&lt;', '>': '&gt;' },
  // A reader would make other line ends of these.
  ...{ '\r': '&#x0D;', '\n': '&#x0A;', '\u0085': '&#x85;', '\u2028': '&#x2028;' },
};

/** The parts of an upload as its completion names them; undefined where one has a field that this does not know. */
export function writeParts(parts: readonly CompletedPart[]): string | undefined {
  let xml = '';
  for (const part of parts) {
    if (Object.keys(part).some((name) => !names.has(name))) return undefined;
    xml += '<Part>';
    for (const name of known) {
      const value = part[name];
      if (value !== undefined) xml += `<${name}>${escaped(String(value))}</${name}>`;
    }
    xml += '</Part>';
  }
  const root = 'CompleteMultipartUpload';
  return `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${xml}</${root}>`;
}

function escaped(text: string): string {
  return text.replace(/[&"'<>\r\n\u0085\u2028]/g, (character) => escapes[character] ?? character);
}

/** The texts right below the root of a document, by name; of no document, none. Throws a `SyntaxError`. */
export function readFields(xml: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  if (xml === '') return fields;
  readXml(xml, (name, depth, text) => {
    if (depth === 2) fields[name] = text;
  });
  return fields;
}
