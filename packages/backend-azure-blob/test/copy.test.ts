import { randomBytes } from 'node:crypto';
import type { CopyRequest, ObjectAttributes, ObjectInfo, StorageDriver } from '@storage/core/driver';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { bodyOf, context, failureOf, newKey, openDriver, read, requestOf } from './driver.ts';

const attributes: ObjectAttributes = {
  headers: {
    contentType: 'text/csv; charset=utf-8',
    cacheControl: 'max-age=60',
    contentDisposition: 'attachment; filename="a.csv"',
    contentLanguage: 'de',
  },
  metadata: { jobId: '456', title: 'Für' },
  tags: { colour: 'blue', 'with space': 'a/b' },
  token: 'T'.repeat(12),
};

describe.skipIf('skipped' in inject('azurite'))('a copy', () => {
  /** Small limits stand for those of the service: 256 MiB in one request, blocks of 64 MiB. */
  let driver: StorageDriver;
  beforeAll(async () => {
    driver = await openDriver({ copyLimits: { oneRequest: 1000, block: 4096 } });
  });

  const save = async (size: number, more: Partial<ObjectAttributes> = {}): Promise<{ key: string; bytes: Buffer }> => {
    const key = newKey();
    const bytes = randomBytes(size);
    await driver.put(requestOf(key, bodyOf(bytes), { attributes: { ...attributes, ...more } }), context);
    return { key, bytes };
  };
  const head = (key: string): Promise<ObjectInfo> => driver.head({ key }, context);
  const copy = (request: Partial<CopyRequest> & Pick<CopyRequest, 'source' | 'key'>) => {
    if (driver.copy === undefined) throw new TypeError('there is no copy');
    return driver.copy({ condition: {}, ...request }, context);
  };

  describe.each([
    ['in one request', 900],
    ['of an empty object', 0],
    ['in blocks', 100_000],
  ])('%s', (_, size) => {
    test('keeps headers, metadata, tags and checksum, and never the token', async () => {
      const { key, bytes } = await save(size);
      const target = newKey();
      const result = await copy({ source: { key }, key: target });
      const info = await head(target);
      expect(info).toMatchObject({ ...attributes.headers, metadata: attributes.metadata, ...result });
      expect(info.checksum).toEqual((await head(key)).checksum);
      expect(info.token).toBeUndefined();
      expect(await driver.tags?.get({ key: target }, context)).toEqual(attributes.tags);
      expect((await read(driver, target)).equals(bytes)).toBe(true);
    });

    test('of an object without metadata does not take its token either', async () => {
      const { key } = await save(size, { metadata: {} });
      const target = newKey();
      await copy({ source: { key }, key: target });
      const info = await head(target);
      expect(info.metadata).toEqual({});
      expect(info.token).not.toBe(attributes.token);
    });

    test('replaces what it is given, and keeps the tags', async () => {
      const { key, bytes } = await save(size);
      const target = newKey();
      const headers = { contentType: 'text/plain' };
      await copy({ source: { key }, key: target, attributes: { headers, metadata: {}, token: 'N'.repeat(12) } });
      const info = await head(target);
      expect(info).toMatchObject({ contentType: 'text/plain', metadata: {}, token: 'N'.repeat(12) });
      expect(info.cacheControl).toBeUndefined();
      expect(await driver.tags?.get({ key: target }, context)).toEqual(attributes.tags);
      expect((await read(driver, target)).equals(bytes)).toBe(true);

      await copy({ source: { key }, key: target, attributes: { headers, metadata: {}, tags: { other: '1' } } });
      expect(await driver.tags?.get({ key: target }, context)).toEqual({ other: '1' });
    });

    test('is refused where its conditions do not hold, with nothing changed', async () => {
      const { key } = await save(size);
      const target = newKey();
      await driver.put(requestOf(target, 'old'), context);
      const stale = { ifMatch: '"0x0123456789ABCDE"' };
      const of = async (request: Partial<CopyRequest>): Promise<string> =>
        (await failureOf(driver, copy({ source: { key }, key: target, ...request }))).code;
      expect(await of({ condition: { ifAbsent: true } })).toBe('AlreadyExists');
      expect(await of({ condition: stale })).toBe('PreconditionFailed');
      expect(await of({ condition: stale, key: newKey() })).toBe('PreconditionFailed');
      expect(await of({ source: { key, ...stale } })).toBe('PreconditionFailed');
      expect(await of({ source: { key: newKey() } })).toBe('NotFound');
      expect((await read(driver, target)).toString()).toBe('old');
      await copy({
        source: { key, ifMatch: (await head(key)).etag },
        key: target,
        condition: await head(target).then(({ etag }) => ({ ifMatch: etag })),
      });
      expect((await head(target)).size).toBe(size);
    });

    test('of a source that changed since it was looked at is a conflict in which nothing was stored', async () => {
      const { key } = await save(size);
      const sourceInfo = await head(key);
      const changed = randomBytes(size + 1);
      await driver.put(requestOf(key, bodyOf(changed)), context);
      const target = newKey();
      const failure = await failureOf(driver, copy({ source: { key }, key: target, sourceInfo }));
      expect(failure).toMatchObject({ code: 'Conflict', retryable: 'safe' });
      expect((await failureOf(driver, head(target))).code).toBe('NotFound');
      // The next attempt looks anew.
      await driver.copy?.({ source: { key }, key: target, sourceInfo, condition: {} }, { ...context, attempt: 2 });
      expect((await read(driver, target)).equals(changed)).toBe(true);
    });
  });

  test('in blocks tells that it gets on, block by block', async () => {
    const { key } = await save(20_000);
    let steps = 0;
    const progressed = (): void => {
      steps += 1;
    };
    await driver.copy?.({ source: { key }, key: newKey(), condition: {} }, { ...context, progressed });
    expect(steps).toBe(5);
  });

  test('in blocks leaves the destination alone when it is aborted', async () => {
    const { key } = await save(100_000);
    const target = newKey();
    const aborter = new AbortController();
    const progressed = (): void => {
      aborter.abort(new Error('enough'));
    };
    const request = { source: { key }, key: target, condition: {} };
    await expect(driver.copy?.(request, { signal: aborter.signal, attempt: 1, progressed })).rejects.toThrow();
    expect((await failureOf(driver, head(target))).code).toBe('NotFound');
  });

  test.each(["a b+c%41%2F&=?#'()", 'ü/日本/\u{1f640}.txt', '  lead and trail  ', 'a;b,c:d@e$f!g*h~i|j^k`l{m}n[o]"<>'])(
    'from and to the key %j',
    async (name) => {
      for (const size of [10, 5000]) {
        const [key, target] = [`from/${String(size)}/${name}`, `to/${String(size)}/${name}`];
        const bytes = randomBytes(size);
        await driver.put(requestOf(key, bodyOf(bytes)), context);
        await copy({ source: { key }, key: target });
        expect((await read(driver, target)).equals(bytes)).toBe(true);
        expect(await driver.removeMany?.({ keys: [key, `${key}!`, target] }, context)).toEqual([
          { existed: true },
          { existed: false },
          { existed: true },
        ]);
      }
    },
  );
});
