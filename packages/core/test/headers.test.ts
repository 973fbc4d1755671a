import { describe, expect, it } from 'vitest';
import { checkHeaders } from '../src/headers.ts';
import { faultOf } from './fault-of.ts';

const source = { key: 'a/report.pdf', bodyType: undefined };

describe('content type', () => {
  it('is octet-stream unless it is given or the body has one', () => {
    expect(checkHeaders({}, source)).toStrictEqual({ contentType: 'application/octet-stream' });
    expect(checkHeaders({}, { ...source, bodyType: 'image/png' }).contentType).toBe('image/png');
    expect(checkHeaders({ contentType: 'text/html' }, { ...source, bodyType: 'image/png' }).contentType).toBe(
      'text/html',
    );
  });

  it("is looked up by the name only with 'from-name'", () => {
    expect(checkHeaders({ contentType: 'from-name' }, source).contentType).toBe('application/pdf');
    expect(checkHeaders({ contentType: 'from-name' }, { ...source, key: 'a/b.unheard-of' }).contentType).toBe(
      'application/octet-stream',
    );
    expect(checkHeaders({ contentType: 'from-name' }, { key: 'noext', bodyType: 'image/png' }).contentType).toBe(
      'image/png',
    );
  });

  it.each(['', 'nonsense', 'text/', 'a b/c', 'text/plain\r\nx: y'])(
    'ignores a body type that is none: %j',
    (bodyType) => {
      expect(checkHeaders({}, { ...source, bodyType }).contentType).toBe('application/octet-stream');
    },
  );

  it.each([
    'text/plain',
    'Text/HTML; Charset="utf-8"',
    'text/plain;charset=utf-8',
    'application/vnd.api+json; version=1; q="a b"',
    'multipart/form-data; boundary=----x',
  ])('is stored as given: %s', (contentType) => {
    expect(checkHeaders({ contentType }, source).contentType).toBe(contentType);
  });

  it.each([
    [''],
    ['text'],
    ['text/'],
    ['/plain'],
    ['text/plain '],
    [' text/plain'],
    ['text/plain\n'],
    ['text/plain; ü=x'],
    ['text plain/x'],
    [7],
    [null],
  ])('is refused: %j', (contentType) => {
    expect(faultOf(() => checkHeaders({ contentType: contentType as string }, source)).code).toBe('InvalidArgument');
  });
});

describe('other headers', () => {
  const given = {
    cacheControl: 'public, max-age=3600',
    contentDisposition: `attachment; filename="r.pdf"; filename*=UTF-8''r%C3%A9.pdf`,
    contentEncoding: 'gzip, br',
    contentLanguage: 'de, en-US, zh-Hant',
  };

  it('are kept as given, and only those that are', () => {
    expect(checkHeaders(given, source)).toStrictEqual({ contentType: 'application/octet-stream', ...given });
    expect(checkHeaders({ cacheControl: undefined }, source)).toStrictEqual({
      contentType: 'application/octet-stream',
    });
  });

  it.each(Object.keys(given))('%s: has no control character, odd space, foreign letter or wrong type', (name) => {
    for (const value of ['', ' x', 'x ', 'x\ny', 'x\ty', 'x\0', 'ü', '日本', '🙀', 7, null, {}, 'x'.repeat(1_025)]) {
      const fault = faultOf(() => checkHeaders({ [name]: value }, source));
      expect(fault.code).toBe('InvalidArgument');
      expect(fault.message).toContain(name);
    }
  });

  it('says how a name outside of ASCII is sent', () => {
    expect(faultOf(() => checkHeaders({ contentDisposition: 'attachment; filename="ü"' }, source)).hint).toContain(
      'filename*=',
    );
  });

  it.each([
    ['contentEncoding', 'gzip;q=1'],
    ['contentEncoding', 'a b'],
    ['contentLanguage', 'english_language'],
    ['contentLanguage', 'de,'],
  ])('%s is not %j', (name, value) => {
    expect(faultOf(() => checkHeaders({ [name]: value }, source)).code).toBe('InvalidArgument');
  });
});
