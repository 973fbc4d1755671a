import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { StorageBackend } from '../../src/backend.ts';
import { isStorageError } from '../../src/errors/storage-error.ts';
import { scripted } from '../call/setup.ts';
import { errorOf } from '../transfer/setup.ts';

type Method = (...args: readonly unknown[]) => unknown;

/** Values that are nothing that a method takes; some of them break `String` or `JSON.stringify`. */
const wrong: readonly unknown[] = [null, 5, 5n, Symbol('s'), Object.create(null), { a: 1 }, [], true, () => 'x'];

/** Each method with arguments that are right, and for each place what is wrong there. */
const methods: Record<
  string,
  { readonly right: readonly unknown[]; readonly wrong?: Record<number, readonly unknown[]> }
> = {
  initialize: { right: [] },
  healthCheck: { right: [] },
  state: { right: [] },
  native: { right: [] },
  save: { right: ['a', 'body'], wrong: { 0: wrong, 1: [undefined, null, 5, 5n, true, {}, Symbol('s')] } },
  retrieve: { right: ['a'], wrong: { 0: wrong } },
  delete: { right: ['a'], wrong: { 0: wrong } },
  exists: { right: ['a'], wrong: { 0: wrong } },
  getMetadata: { right: ['a'], wrong: { 0: wrong } },
  updateMetadata: {
    right: ['a', { b: '1' }],
    wrong: {
      0: wrong,
      1: [undefined, null, 5, 'x', [], { a: 5 }, { 'no name': 'x' }, { a: undefined }, { a: 'x'.repeat(9000) }],
    },
  },
  update: { right: ['a', () => 'x'], wrong: { 0: wrong, 1: [undefined, null, 5, 'x', {}] } },
  listFiles: { right: ['a'], wrong: { 0: wrong } },
  walk: { right: ['a'], wrong: { 0: wrong } },
  listPage: { right: [] },
  getUrl: { right: ['a'], wrong: { 0: wrong } },
  signRequest: { right: ['a'], wrong: { 0: wrong } },
  createUploadForm: { right: ['a'], wrong: { 0: wrong, 1: [undefined] } },
  copy: { right: ['a', 'b'], wrong: { 0: wrong, 1: wrong } },
  move: { right: ['a', 'b'], wrong: { 0: wrong, 1: wrong } },
  deleteMany: { right: [['a']], wrong: { 0: [undefined, null, 5, 'a', { length: 1 }, new Set(['a'])] } },
  deletePrefix: { right: ['a'], wrong: { 0: [undefined, '', ...wrong] } },
  uploadFile: { right: ['a', '/no/such/file'], wrong: { 0: wrong, 1: [undefined, '', ...wrong] } },
  downloadFile: { right: ['a', '/no/such/folder/file'], wrong: { 0: wrong, 1: [undefined, '', ...wrong] } },
  createUpload: { right: ['a'], wrong: { 0: wrong } },
  resumeUpload: { right: ['token'], wrong: { 0: [undefined, '', 'token', ...wrong] } },
  cleanup: {
    right: [],
    wrong: { 0: [undefined, { olderThan: 'soon' }, { olderThan: -1 }, { olderThan: '1h', key: 5 }] },
  },
  getVersions: { right: ['a'], wrong: { 0: wrong } },
  restoreVersion: { right: ['a', 'v1'], wrong: { 0: wrong, 1: [undefined, '', 'ä', ...wrong] } },
  undelete: { right: ['a'], wrong: { 0: wrong } },
  setTier: { right: ['a', 'hot'], wrong: { 0: wrong, 1: [undefined, 'tepid', ...wrong] } },
  restoreArchived: { right: ['a'], wrong: { 0: wrong } },
  getTags: { right: ['a'], wrong: { 0: wrong } },
  setTags: { right: ['a', { b: 'c' }], wrong: { 0: wrong, 1: [undefined, null, 5, 'x', { a: 5 }] } },
};

/** Options that are wrong, by method. */
const number = [null, '1', 0, -1, 1.5, Number.NaN, 5n, {}];
const etag = [null, 5, '', 'with space', 'ä', {}];
const text = [null, 5, {}, Symbol('s')];
const flag = [null, 'yes', 1, {}];
const condition = { ifAbsent: flag, ifMatch: etag, ifNoneMatch: etag };
const headers = {
  contentType: [...text, 'no type', ''],
  cacheControl: [...text, 'ü', ''],
  contentDisposition: [...text, 'a\nb'],
  contentEncoding: text,
  contentLanguage: text,
};
const attributes = {
  ...headers,
  metadata: [null, 5, 'x', { a: 5 }, { 'no name': 'x' }, { a: '1', A: '2' }, { a: '\ud800' }],
  tags: [null, 5, { a: 5 }],
  tier: [null, 5, 'tepid'],
};
const transfer = {
  integrity: [null, 'some', 5],
  partSize: number,
  concurrency: number,
  onProgress: [null, 5, 'x'],
  size: [null, '1', -1],
  maxSize: [null, '1', -1],
  checksum: [null, 5, {}, { algorithm: 'md4', value: 'x' }],
};
const read = { versionId: etag, ifMatch: etag, ifNoneMatch: etag };
const reading = { ...read, ifModifiedSince: [null, 5, new Date(Number.NaN)], ifUnmodifiedSince: [null, '2020'] };
const list = { startAfter: [null, 5, '\ud800', 'a\0'], include: [null, 'metadata', ['body'], {}, 5n] };
const url = {
  expiresIn: [...number, 61],
  versionId: etag,
  responseContentType: ['no type', 5],
  responseContentDisposition: text,
};

const options: Record<string, Record<string, readonly unknown[]>> = {
  save: { ...attributes, ...condition, ...transfer },
  update: { ...attributes, ...condition, ...transfer },
  createUpload: { ...attributes, ...condition, integrity: transfer.integrity },
  uploadFile: { ...attributes, ...condition, ...transfer, resume: text, onToken: [null, 5] },
  retrieve: {
    ...reading,
    range: [null, 5, {}, { start: -1 }, { start: 1, end: 0 }, { suffix: -1 }, { start: 0, end: 1, length: 1 }],
  },
  downloadFile: { ...reading, partSize: number, concurrency: number, resume: [null, 'yes', 1] },
  getMetadata: read,
  delete: { ifMatch: etag, versionId: etag, mustExist: flag },
  updateMetadata: { ...headers, ifMatch: etag, replace: flag },
  copy: { ...attributes, ifAbsent: flag, ifMatch: etag, sourceIfMatch: etag, sourceVersionId: etag },
  move: { ...attributes, ifAbsent: flag, ifMatch: etag, sourceIfMatch: etag, sourceVersionId: [...etag, 'v1'] },
  listFiles: { ...list, limit: number },
  walk: { ...list, pageSize: number },
  listPage: {
    ...list,
    limit: number,
    prefix: [null, 5, '\ud800', {}],
    delimiter: [null, '', '//', 5n, {}],
    cursor: [null, 5, '', 'x'],
  },
  getUrl: url,
  signRequest: {
    ...url,
    method: [null, 'get', 5, 5n, Object.create(null)],
    contentType: ['no type'],
    contentLength: [-1],
    checksum: [5],
    ifAbsent: flag,
  },
  createUploadForm: { maxSize: [undefined, ...number], minSize: [-1, '1'], expiresIn: number, contentType: [5] },
  deleteMany: { concurrency: number },
  deletePrefix: { concurrency: number, allowAll: flag },
  getVersions: { limit: number },
  restoreArchived: { days: number, priority: text, tier: [null, 'tepid'] },
};

/** Calls a method; what it answers is waited for, a walk to its first entry. */
async function call(name: string, args: readonly unknown[]): Promise<{ asked: string[]; error: unknown }> {
  const { backend, names } = scripted({}, { capabilities: { versions: 'if-enabled' } });
  let answer: unknown;
  try {
    answer = (backend as unknown as Record<string, Method>)[name]!(...args);
  } catch (error) {
    throw new Error(`${name} threw at once`, { cause: error });
  }
  const promise = name === 'walk' ? (answer as AsyncIterator<unknown>).next() : (answer as Promise<unknown>);
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { asked: names(), error };
}

/** Expects a refusal by type, before the driver is asked for anything. */
async function expectRefused(name: string, args: readonly unknown[], what: unknown): Promise<void> {
  const { asked, error } = await call(name, args);
  const subject = `${name}: ${typeof what === 'string' ? what : inspect(what)}`;
  expect(isStorageError(error) ? error.code : error, subject).toMatch(/^(InvalidArgument|InvalidKey|InvalidRange)$/);
  expect(error, subject).toMatchObject({ operation: name, attempts: 0, retryable: 'no' });
  expect(asked, subject).toEqual([]);
}

function withOption(name: string, option: string, value: unknown): unknown[] {
  const { right } = methods[name]!;
  return [
    ...right,
    {
      ...(name === 'cleanup' ? { olderThan: '1h' } : {}),
      ...(name === 'createUploadForm' ? { maxSize: 5 } : {}),
      [option]: value,
    },
  ];
}

describe.each(Object.keys(methods))('%s', (name) => {
  const { right, wrong: places = {} } = methods[name]!;

  test('refuses arguments of a wrong type, by a rejection and before any I/O', async () => {
    for (const [place, values] of Object.entries(places)) {
      for (const value of values) {
        const args: unknown[] = [...right];
        args[Number(place)] = value;
        await expectRefused(name, args, value);
      }
    }
  });

  test('refuses options that are no options, a signal that is none and a timeout that is none', async () => {
    const position = name === 'listPage' ? 0 : right.length;
    for (const value of [null, 5, 'x', [], true, () => 'x', 5n]) {
      const args: unknown[] = [...right];
      args[position] = value;
      await expectRefused(name, args, value);
    }
    for (const value of [null, 5, {}, new AbortController()])
      await expectRefused(name, withOption(name, 'signal', value), value);
    for (const value of [null, 0, -1, Number.NaN, Infinity, '5', 5n]) {
      await expectRefused(name, withOption(name, 'timeoutMs', value), value);
    }
  });

  test('names an option that it does not have', async () => {
    const { asked, error } = await call(name, withOption(name, 'timeoutMS', 5));
    expect(error).toMatchObject({ code: 'InvalidArgument' });
    expect(String(error)).toContain('"timeoutMS"; did you mean timeoutMs?');
    expect(asked).toEqual([]);
  });

  test('refuses wrong values of its options before any I/O', async () => {
    for (const [option, values] of Object.entries(options[name] ?? {})) {
      for (const value of values) {
        await expectRefused(name, withOption(name, option, value), `${option} ${inspect(value)}`);
      }
    }
  });

  test('called without its backend rejects as well', async () => {
    if (name === 'walk') return;
    const { backend } = scripted({});
    const method = (backend as unknown as Record<string, Method>)[name]!;
    expect(await errorOf(method(...right) as Promise<unknown>)).toMatchObject({
      code: 'InvalidArgument',
    });
  });
});

test('the table has every method that answers with a promise or an iterator', () => {
  const all = Object.getOwnPropertyNames(StorageBackend.prototype).filter(
    (name) => !['constructor', 'with', 'close'].includes(name),
  );
  expect(Object.keys(methods).sort()).toEqual(all.sort());
});

test('a bad option is refused before the state of the bucket is asked for', async () => {
  for (const [name, args] of Object.entries({
    getMetadata: ['a', { versionId: 'v1', ifNoneMatch: 5 }],
    retrieve: ['a', { versionId: 'v1', ifNoneMatch: 5 }],
    downloadFile: ['a', '', { versionId: 'v1' }],
    copy: ['a', 'b', { sourceVersionId: 'v1', tier: 'tepid' }],
    signRequest: ['a', { versionId: 'v1', checksum: 5 }],
  })) {
    await expectRefused(name, args, args);
  }
});

test('createUpload drops no option that it cannot honour: nobody knows the whole body', async () => {
  for (const option of [{ size: 3 }, { maxSize: 3 }, { checksum: { algorithm: 'md5', value: 'x' } }]) {
    await expectRefused('createUpload', ['a', option], option);
  }
});

test('with refuses a layer that is no function', () => {
  const { backend } = scripted({});
  for (const value of wrong.filter((each) => typeof each !== 'function')) {
    let thrown: unknown;
    try {
      backend.with(value as never);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'InvalidArgument', operation: 'with' });
  }
});
