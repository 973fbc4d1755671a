import { parseXML } from '@aws-sdk/xml-builder';
import { readXml, textOf } from '@storage/core/driver';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readListing } from '../src/direct/listing.ts';

const isLong = process.env['STORAGE_TESTS_LONG'] === '1';

/** A tree of elements; what is in several of one name is in order. */
type Tree = string | { [name: string]: Tree[] };

/** The same tree by our reader, which tells of elements as they end: those inside come before. */
function read(xml: string): Tree {
  const levels: (Record<string, Tree[]> | undefined)[] = [];
  readXml(xml, (name, depth, text) => {
    const tree = levels[depth + 1] ?? text;
    levels[depth + 1] = undefined;
    const siblings = (levels[depth] ??= {});
    (siblings[name] ??= []).push(tree);
  });
  return levels[1] ?? '';
}

/** Theirs has no list for one element, and keeps the attributes. */
function normal(value: unknown): Tree {
  if (typeof value !== 'object' || value === null) return String(value);
  const tree: { [name: string]: Tree[] } = {};
  for (const [name, inside] of Object.entries(value)) {
    if (name === 'xmlns' || name === '#text') continue;
    tree[name] = (Array.isArray(inside) ? inside : [inside]).map(normal);
  }
  return tree;
}

const escapes = fc.constantFrom('&amp;', '&lt;', '&gt;', '&quot;', '&apos;', '&#38;', '&#x26;', '&#xFC;');
const plain = fc.string({
  unit: fc.constantFrom(...Array.from('abcXYZ019 /%+.,:;-_=()[]{}\'"ü日😀')),
  minLength: 1,
  maxLength: 8,
});
const text = fc
  .array(fc.oneof(plain, escapes), { maxLength: 5 })
  .map((parts) => parts.join(''))
  // Blank text is layout to the SDK's, however it is written.
  .filter((all) => all.trim() === all);
const name = fc.constantFrom('Key', 'Size', 'ETag', 'Owner', 'ID', 'Contents', 'Prefix', 'StorageClass');

const { document } = fc.letrec<{ document: string; element: string }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(name, text).map(([tag, inside]) => `<${tag}>${inside}</${tag}>`),
    name.map((tag) => `<${tag}/>`),
    fc
      .tuple(name, fc.array(tie('element'), { minLength: 1, maxLength: 4 }))
      .map(([tag, inside]) => `<${tag}>${inside.join('')}</${tag}>`),
  ),
  document: fc
    .array(tie('element'), { minLength: 1, maxLength: 6 })
    .map(
      (inside) =>
        `<?xml version="1.0" encoding="UTF-8"?>\n<Root xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside.join('')}</Root>`,
    ),
}));

test("our reader finds the elements and texts that the SDK's finds", { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(document, (xml) => {
      expect(read(xml)).toEqual(normal(parseXML(xml)));
    }),
    { numRuns: isLong ? 100_000 : 1_000 },
  );
});

// The SDK's reader makes one UTF-16 unit of it.
test('a character beyond the first 65,536 may be written by its number', () => {
  expect(read('<R>&#x1F600;&#128512;</R>')).toEqual({ R: ['😀😀'] });
});

test('a document that is cut off anywhere is an error, never half an answer', () => {
  fc.assert(
    fc.property(document, fc.double({ min: 0, max: 0.999, noNaN: true }), (xml, part) => {
      const cut = xml.slice(0, Math.floor(xml.length * part));
      expect(() => {
        readXml(cut, () => undefined);
      }).toThrow(SyntaxError);
    }),
  );
});

test('comments, instructions and CDATA are read as XML has them', () => {
  expect(
    read(
      '<?xml version="1.0"?><!-- <A> --><R><A>x<!-- > -->y<![CDATA[<&amp;>]]></A><B a=">" /></R>'.replace(
        'a=">"',
        'a="1"',
      ),
    ),
  ).toEqual({
    R: [{ A: ['xy<&amp;>'], B: [''] }],
  });
});

test('a listing has its objects, prefixes and where it goes on', () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>p/</Prefix><KeyCount>2</KeyCount>
  <IsTruncated>true</IsTruncated><NextContinuationToken>a&#43;b==</NextContinuationToken>
  <Contents><Key>p/a%2Bb&amp;c</Key><LastModified>2026-11-26T01:02:03.004Z</LastModified><ETag>&#34;abc&#34;</ETag>
    <Size>12</Size><StorageClass>STANDARD</StorageClass><Owner><ID>x</ID><DisplayName>minio</DisplayName></Owner></Contents>
  <Contents><Key>p/z</Key><LastModified>2026-11-26T01:02:03.004Z</LastModified><ETag>&quot;d&quot;</ETag><Size>0</Size></Contents>
  <CommonPrefixes><Prefix>p/d/</Prefix></CommonPrefixes></ListBucketResult>`;
  expect(readListing(xml)).toEqual({
    IsTruncated: true,
    NextContinuationToken: 'a+b==',
    Contents: [
      {
        Key: 'p/a%2Bb&c',
        LastModified: new Date('2026-11-26T01:02:03.004Z'),
        ETag: '"abc"',
        Size: 12,
        StorageClass: 'STANDARD',
      },
      { Key: 'p/z', LastModified: new Date('2026-11-26T01:02:03.004Z'), ETag: '"d"', Size: 0 },
    ],
    CommonPrefixes: [{ Prefix: 'p/d/' }],
  });
});

test('an empty body, and another document, are no listing', () => {
  expect(readListing('')).toEqual({});
  expect(readListing('<Error><Code>InternalError</Code></Error>')).toEqual({});
});

test('the text of one element is found in a document that may be anything', () => {
  expect(textOf('<Error><Code>NoSuchKey</Code><Message>a &amp; b</Message></Error>', 'Message')).toBe('a & b');
  expect(textOf('<html>Bad Gateway', 'Code')).toBeUndefined();
  expect(textOf('<Error><Code>NoSuch', 'Code')).toBeUndefined();
});
