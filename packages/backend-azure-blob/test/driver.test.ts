import { randomBytes, randomUUID } from 'node:crypto';
import { startTcpProxy } from '@storage/conformance-tests/faults';
import type { CallContext, PutRequest, StorageDriver, UploadBody } from '@storage/core/driver';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseOptions } from '../src/config.ts';
import { type AzureBlobDriverOptions, createAzureBlobDriver } from '../src/driver.ts';
import type { AzureBlobOptions } from '../src/index.ts';

const azurite = inject('azurite');
const context: CallContext = { signal: new AbortController().signal, attempt: 1 };

function bodyOf(...pieces: Uint8Array[]): UploadBody {
  const size = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  return { size, pieces, open: () => streamed(pieces) };
}

function streamOf(size: number, source: () => AsyncIterable<Uint8Array>): UploadBody {
  return { size, open: source };
}

async function* streamed(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

function requestOf(key: string, body: string | UploadBody, more: Partial<PutRequest> = {}): PutRequest {
  return {
    key,
    body: typeof body === 'string' ? bodyOf(Buffer.from(body)) : body,
    attributes: { headers: { contentType: 'text/plain' }, metadata: {} },
    condition: {},
    integrity: 'default',
    ...more,
  };
}

async function read(driver: StorageDriver, key: string): Promise<Buffer> {
  const { body } = await driver.get({ key }, context);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.skipIf('skipped' in azurite)('the driver on an Azurite server', () => {
  const options = (more: Partial<AzureBlobOptions> = {}): AzureBlobDriverOptions => {
    if ('skipped' in azurite) throw new Error(azurite.skipped);
    return parseOptions({ ...azurite, containerName: 'driver-tests', ...more }).driver;
  };
  const opened: StorageDriver[] = [];
  const open = async (more?: Partial<AzureBlobOptions>): Promise<StorageDriver> => {
    const driver = createAzureBlobDriver(options(more));
    await driver.open(context);
    opened.push(driver);
    return driver;
  };

  let driver: StorageDriver;
  beforeAll(async () => {
    driver = await open();
    await driver.createBucket?.(context);
  });
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  const codeOf = async (action: Promise<unknown>, of = driver): Promise<string> => {
    const error = await action.then(
      () => expect.fail('it resolved'),
      (reason: unknown) => reason,
    );
    return of.classify(error).code;
  };
  const newKey = (): string => `${randomUUID()}/a key.txt`;

  test('an object comes back as it was stored, and the answer to the write says the same as HEAD', async () => {
    const key = newKey();
    const headers = {
      contentType: 'text/csv; charset=utf-8',
      cacheControl: 'max-age=60',
      contentDisposition: 'attachment; filename="a.csv"',
      contentEncoding: 'gzip',
      contentLanguage: 'de',
    };
    const metadata = { jobId: '456', 'x-Y_z': ' ü 日本 ', empty: '', two: 'a  b', __proto__x: 'p' };
    const attributes = { headers, metadata, token: 'T'.repeat(22) };
    const saved = await driver.put(requestOf(key, 'hello', { attributes }), context);
    const info = await driver.head({ key }, context);
    expect(info).toMatchObject({ key, size: 5, ...headers, metadata, token: attributes.token });
    expect(info).toMatchObject(saved);
    expect(info.etag).toMatch(/^"0x[0-9A-F]+"$/);
    expect(info.checksum).toEqual({ algorithm: 'md5', value: '5d41402abc4b2a76b9719d911017c592' });
    const { body, ...answer } = await driver.get({ key }, context);
    // Azurite names the tier in the answer to HEAD alone.
    expect(answer).toEqual({ info: { ...info, tier: undefined }, range: { start: 0, end: 5 } });
    // Small ones are there at once.
    expect(Buffer.from(body as Uint8Array).toString()).toBe('hello');
  });

  test('a metadata entry __proto__ survives the SDK', async () => {
    const key = newKey();
    const metadata = Object.fromEntries([['__proto__', 'x']]);
    await driver.put(requestOf(key, '', { attributes: { headers: { contentType: 'a/b' }, metadata } }), context);
    expect(Object.entries((await driver.head({ key }, context)).metadata)).toEqual([['__proto__', 'x']]);
  });

  test.each(['default', 'none'] as const)('a stream is stored whole with integrity %s', async (integrity) => {
    const key = newKey();
    const bytes = randomBytes(3_000_000);
    const chunks = Array.from({ length: 3_000 }, (_, i) => bytes.subarray(i * 1_000, (i + 1) * 1_000));
    const attributes = { headers: { contentType: 'a/b', contentEncoding: 'gzip' }, metadata: {} };
    const body = streamOf(bytes.byteLength, () => streamed(chunks));
    const saved = await driver.put(requestOf(key, body, { integrity, attributes }), context);
    expect((await read(driver, key)).equals(bytes)).toBe(true);
    const info = await driver.head({ key }, context);
    expect(info).toMatchObject({ ...saved, contentEncoding: 'gzip' });
    // The service computes it by itself for what comes in one request.
    expect(info.checksum?.algorithm).toBe('md5');
  });

  test('large bytes in memory are read as a stream, so that their progress shows, and keep their checksum', async () => {
    const key = newKey();
    const bytes = randomBytes(5_000_000);
    const pieces = [bytes.subarray(0, 3_000_000), bytes.subarray(3_000_000)];
    let taken = 0;
    const open = async function* (): AsyncGenerator<Uint8Array> {
      for (const piece of pieces) {
        yield piece;
        taken += piece.byteLength;
      }
    };
    const saved = await driver.put(requestOf(key, { size: bytes.byteLength, pieces, open }), context);
    expect(taken).toBe(bytes.byteLength);
    expect((await read(driver, key)).equals(bytes)).toBe(true);
    expect((await driver.head({ key }, context)).checksum).toEqual(saved.checksum);
    expect(saved.checksum).toBeDefined();
  });

  test('an empty object is an ordinary object, with bytes and as a stream', async () => {
    const [bytes, stream] = [newKey(), newKey()];
    await driver.put(requestOf(bytes, ''), context);
    await driver.put(
      requestOf(
        stream,
        streamOf(0, () => streamed([])),
      ),
      context,
    );
    for (const key of [bytes, stream]) {
      expect((await driver.head({ key }, context)).size).toBe(0);
      expect((await driver.get({ key }, context)).range).toEqual({ start: 0, end: 0 });
      expect((await read(driver, key)).byteLength).toBe(0);
    }
  });

  test('a body that fails, at once or midway, rejects with its own error and stores nothing', async () => {
    const failure = new Error('the disk is gone');
    const bytes = randomBytes(100_000);
    for (const good of [0, 50_000]) {
      const key = newKey();
      const source = async function* (): AsyncGenerator<Uint8Array> {
        if (good > 0) yield bytes.subarray(0, good);
        yield new Uint8Array(0);
        throw failure;
      };
      for (const integrity of ['default', 'none'] as const) {
        const body = streamOf(bytes.byteLength, source);
        await expect(driver.put(requestOf(key, body, { integrity }), context)).rejects.toBe(failure);
        expect(await codeOf(driver.head({ key }, context))).toBe('NotFound');
      }
    }
  });

  test('a body is told to stop when the write is refused', async () => {
    const key = newKey();
    await driver.put(requestOf(key, 'old'), context);
    let stopped = false;
    const chunk = new Uint8Array(64 * 1024);
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (let sent = 0; sent < 1_000; sent++) yield chunk;
      } finally {
        stopped = true;
      }
    };
    const body = streamOf(chunk.byteLength * 1_000, source);
    const refused = driver.put(requestOf(key, body, { condition: { ifAbsent: true } }), context);
    expect(await codeOf(refused)).toBe('AlreadyExists');
    expect(stopped).toBe(true);
  });

  test('conditions of a write are enforced, and told apart', async () => {
    const key = newKey();
    const put = (condition: PutRequest['condition'], of = key): Promise<unknown> =>
      driver.put(requestOf(of, 'new', { condition }), context);
    const { etag } = await driver.put(requestOf(key, 'old', { condition: { ifAbsent: true } }), context);
    expect(await codeOf(put({ ifAbsent: true }))).toBe('AlreadyExists');
    expect(await codeOf(put({ ifMatch: '"0123456789abcdef0123456789abcdef"' }))).toBe('PreconditionFailed');
    expect(await codeOf(put({ ifMatch: etag }, newKey()))).toBe('PreconditionFailed');
    expect(await codeOf(put({ ifNoneMatch: etag }))).toBe('PreconditionFailed');
    expect((await read(driver, key)).toString()).toBe('old');
    await put({ ifMatch: etag });
    await put({ ifNoneMatch: etag });
    expect((await read(driver, key)).toString()).toBe('new');
  });

  test('conditions of a read are enforced, and told apart', async () => {
    const key = newKey();
    const { etag } = await driver.put(requestOf(key, 'x'), context);
    const other = '"0123456789abcdef0123456789abcdef"';
    expect(await codeOf(driver.head({ key, ifNoneMatch: etag }, context))).toBe('NotModified');
    expect(await codeOf(driver.get({ key, ifNoneMatch: etag }, context))).toBe('NotModified');
    expect(await codeOf(driver.head({ key, ifMatch: other }, context))).toBe('PreconditionFailed');
    expect(await codeOf(driver.get({ key, ifMatch: other }, context))).toBe('PreconditionFailed');
    expect((await driver.head({ key, ifMatch: etag, ifNoneMatch: other }, context)).size).toBe(1);
  });

  test('ranges are those that were asked for; a start at the end is InvalidRange', async () => {
    const key = newKey();
    await driver.put(requestOf(key, '0123456789'), context);
    const part = async (range: { start: number; end?: number } | { suffix: number }): Promise<unknown> => {
      const { info, range: got, body } = await driver.get({ key, range }, context);
      if (body instanceof Uint8Array) return [info.size, got, Buffer.from(body).toString()];
      let text = '';
      for await (const chunk of body) text += Buffer.from(chunk).toString();
      return [info.size, got, text];
    };
    expect(await part({ start: 2, end: 5 })).toEqual([10, { start: 2, end: 5 }, '234']);
    expect(await part({ start: 7 })).toEqual([10, { start: 7, end: 10 }, '789']);
    expect(await part({ start: 7, end: 99 })).toEqual([10, { start: 7, end: 10 }, '789']);
    expect(await part({ suffix: 3 })).toEqual([10, { start: 7, end: 10 }, '789']);
    expect(await part({ suffix: 99 })).toEqual([10, { start: 0, end: 10 }, '0123456789']);
    expect(await codeOf(driver.get({ key, range: { start: 10 } }, context))).toBe('InvalidRange');
    const empty = newKey();
    await driver.put(requestOf(empty, ''), context);
    expect(await codeOf(driver.get({ key: empty, range: { start: 0 } }, context))).toBe('InvalidRange');
    expect(await codeOf(driver.get({ key: empty, range: { suffix: 1 } }, context))).toBe('InvalidRange');
  });

  test('a listing pages through every key once, in order, with prefixes', async () => {
    const root = randomUUID();
    const names = ['a', 'a b+c%41', 'b/1', 'b/2', 'c&<>"', '\u{1f640}', '\u{ff5e}'];
    for (const name of names) await driver.put(requestOf(`${root}/${name}`, name), context);
    const walk = async (limit: number, more: { delimiter?: '/'; startAfter?: string } = {}): Promise<string[]> => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? more : { ...(more.delimiter && { delimiter: more.delimiter }), cursor };
        const page = await driver.listPage({ prefix: `${root}/`, limit, ...query }, context);
        expect(page.entries.length + page.prefixes.length).toBeLessThanOrEqual(limit);
        found.push(
          ...[...page.entries.map(({ key }) => key), ...page.prefixes].map((key) => key.slice(root.length + 1)),
        );
        cursor = page.cursor;
      } while (cursor !== undefined);
      return found;
    };
    for (const limit of [1, 2, 3, 1000]) expect(await walk(limit)).toEqual(names);
    const folded = ['a', 'a b+c%41', 'b/', 'c&<>"', '\u{1f640}', '\u{ff5e}'];
    expect(await walk(1, { delimiter: '/' })).toEqual(folded);
    expect((await walk(1000, { delimiter: '/' })).toSorted()).toEqual(folded.toSorted());
    expect(await walk(2, { startAfter: `${root}/b/1` })).toEqual(names.slice(3));
    expect(await walk(1, { delimiter: '/', startAfter: `${root}/b/1` })).toEqual(folded.slice(3));
    const { entries } = await driver.listPage({ prefix: `${root}/a`, limit: 1 }, context);
    const { etag, size, lastModified } = await driver.head({ key: `${root}/a` }, context);
    expect(entries[0]).toMatchObject({ etag, size });
    expect(Math.floor(Number(entries[0]?.lastModified) / 1000)).toBe(Number(lastModified) / 1000);
  });

  test('a delete is idempotent', async () => {
    const key = newKey();
    await driver.put(requestOf(key, 'x'), context);
    expect(await driver.remove({ key }, context)).toEqual({ existed: true });
    expect(await driver.remove({ key }, context)).toEqual({ existed: false });
    expect(await codeOf(driver.head({ key }, context))).toBe('NotFound');
    expect(await codeOf(driver.get({ key }, context))).toBe('NotFound');
  });

  test('a delete can be conditional, or insist', async () => {
    const key = newKey();
    const { etag } = await driver.put(requestOf(key, 'x'), context);
    expect(await codeOf(driver.remove({ key, ifMatch: '"0x1"' }, context))).toBe('PreconditionFailed');
    expect(await driver.remove({ key, ifMatch: etag }, context)).toEqual({ existed: true });
    expect(await codeOf(driver.remove({ key, ifMatch: etag }, context))).toBe('PreconditionFailed');
    expect(await codeOf(driver.remove({ key, mustExist: true }, context))).toBe('NotFound');
  });

  test('a missing bucket is BucketNotFound for every verb', async () => {
    const missing = await open({ containerName: 'not-there' });
    const key = newKey();
    expect(await codeOf(missing.check(context))).toBe('BucketNotFound');
    expect(await codeOf(missing.head({ key }, context))).toBe('BucketNotFound');
    expect(await codeOf(missing.get({ key }, context))).toBe('BucketNotFound');
    expect(await codeOf(missing.put(requestOf(key, 'x'), context))).toBe('BucketNotFound');
    expect(await codeOf(missing.put(requestOf(key, 'x', { condition: { ifMatch: '"x"' } }), context))).toBe(
      'BucketNotFound',
    );
    expect(await codeOf(missing.remove({ key }, context))).toBe('BucketNotFound');
    expect(await codeOf(missing.listPage({ prefix: '', limit: 1 }, context))).toBe('BucketNotFound');
  });

  test('a wrong account key is PermissionDenied, as Azurite calls it', async () => {
    const denied = await open({ accountKey: Buffer.alloc(64).toString('base64') });
    const key = newKey();
    expect(await codeOf(denied.check(context))).toBe('PermissionDenied');
    expect(await codeOf(denied.head({ key }, context))).toBe('PermissionDenied');
    expect(await codeOf(denied.get({ key }, context))).toBe('PermissionDenied');
    expect(await codeOf(denied.put(requestOf(key, 'x'), context))).toBe('PermissionDenied');
    expect(await codeOf(denied.remove({ key }, context))).toBe('PermissionDenied');
    expect(await codeOf(denied.listPage({ prefix: '', limit: 1 }, context))).toBe('PermissionDenied');
  });

  test('creating a bucket that is there resolves', async () => {
    await driver.createBucket?.(context);
    expect(createAzureBlobDriver(options({ createContainer: false })).createBucket).toBeUndefined();
  });

  test('nobody listens: Unavailable, and nothing was applied', async () => {
    const unreachable = await open({ endpointUrl: 'http://127.0.0.1:1' });
    const error = await unreachable.put(requestOf('k', 'x'), context).catch((reason: unknown) => reason);
    expect(unreachable.classify(error)).toMatchObject({ code: 'Unavailable', retryable: 'safe' });
  });

  test('a download that is cut fails as Unavailable; it never ends early', async () => {
    const key = newKey();
    await driver.put(requestOf(key, bodyOf(randomBytes(1_000_000))), context);
    const proxy = await startTcpProxy(options().endpointUrl);
    try {
      const behind = await open({ endpointUrl: proxy.url });
      proxy.cutAfter(300_000);
      const error = await read(behind, key).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(behind.classify(error)).toMatchObject({ code: 'Unavailable' });
      expect(behind.classify(error).retryable).not.toBe('no');
      expect(proxy.cuts).toBe(1);
      proxy.heal();
      expect((await read(behind, key)).byteLength).toBe(1_000_000);
    } finally {
      await proxy.close();
    }
  });

  test('an abort rejects at once', async () => {
    const controller = new AbortController();
    const waiting = (async function* (): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      await new Promise(() => undefined);
    })();
    const body = streamOf(20, () => waiting);
    const put = driver.put(requestOf(newKey(), body), { signal: controller.signal, attempt: 1 });
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(put).rejects.toThrow();
    const begin = Date.now();
    await expect(driver.put(requestOf(newKey(), 'x'), { signal: controller.signal, attempt: 1 })).rejects.toThrow(
      'enough',
    );
    expect(Date.now() - begin).toBeLessThan(50);
  });
});
