import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOfLock, placeOf, rootsOf } from '../../src/names/place.ts';

const roots = rootsOf('/base');
const runs = process.env['STORAGE_TESTS_LONG'] === '1' ? 50_000 : 1_500;

const segment = fc.oneof(
  fc.constantFrom(
    'a',
    'a.json',
    'a.JSON',
    'b',
    '%~',
    'x'.repeat(250),
    'x'.repeat(255),
    'é'.repeat(200),
    'y'.repeat(249),
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('/')),
  fc.string({ unit: 'grapheme', minLength: 60, maxLength: 300 }).filter((text) => !text.includes('/')),
);
const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));

/** Every path that a key uses, with folders; versions lie inside their folder. */
function pathsOf(text: string): string[] {
  const { data, metadata, versions } = placeOf(roots, text);
  return [data.path, metadata.path, versions.path];
}

test('a key is found at its own path, readable, with its record and versions beside', () => {
  const place = placeOf(roots, 'users/123/resume.pdf');
  expect(place.data).toEqual({
    path: '/base/data/users/123/resume.pdf',
    folders: ['/base/data/users', '/base/data/users/123'],
  });
  expect(place.metadata.path).toBe('/base/metadata/users/123/resume.pdf.json');
  expect(place.versions.path).toBe('/base/versions/users/123/resume.pdf%~');
  expect(place.lock).toBe('users%2F123%2Fresume.pdf');
});

test('a folder that looks like a record has another name among the records', () => {
  expect(placeOf(roots, 'a').metadata.path).toBe('/base/metadata/a.json');
  expect(placeOf(roots, 'a.json/b').metadata.path).toBe('/base/metadata/a.json%~/b.json');
  expect(placeOf(roots, 'a.JSON/b').metadata.path).toBe('/base/metadata/a.JSON%~/b.json');
});

test('two keys never share a path, nor is the file of one a folder of another among records and versions', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      if (a === b) return;
      const [ofA, ofB] = [pathsOf(a), pathsOf(b)];
      expect(ofA.filter((path) => ofB.includes(path))).toEqual([]);
      const placeB = placeOf(roots, b);
      expect(placeB.metadata.folders).not.toContain(placeOf(roots, a).metadata.path);
      expect(placeB.versions.folders).not.toContain(placeOf(roots, a).versions.path);
      expect(placeOf(roots, a).lock).not.toBe(placeB.lock);
    }),
    { numRuns: runs },
  );
});

test('no path leaves its tree, and no name is longer than 255 bytes', () => {
  fc.assert(
    fc.property(key, (text) => {
      const { lock } = placeOf(roots, text);
      for (const path of [...pathsOf(text), `/base/private/locks/${lock}`]) {
        expect(path).toMatch(/^\/base\/(?:data|metadata|versions|private\/locks)\/./s);
        const names = path.split('/').slice(2);
        expect(names).not.toContain('..');
        expect(names).not.toContain('.');
        for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      }
      expect(lock).not.toContain('/');
    }),
    { numRuns: runs },
  );
});

test('a lock tells its key, unless the key is long', () => {
  fc.assert(
    fc.property(key, (text) => {
      const { lock } = placeOf(roots, text);
      expect([text, undefined]).toContain(keyOfLock(lock));
      if (lock.length <= 80 && !lock.startsWith('%~')) expect(keyOfLock(lock)).toBe(text);
    }),
    { numRuns: runs },
  );
});
