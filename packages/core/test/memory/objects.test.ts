import { describe, expect, test } from 'vitest';
import { chunksOf, context, keysOf, memory, plain, rejects, save, streamOf, text } from './setup.ts';

describe('write', () => {
  test('what put answers is what head says', async () => {
    const driver = memory();
    const saved = await save(driver, 'a', 'hello', {
      attributes: { headers: { contentType: 'text/plain', cacheControl: 'no-store' }, metadata: { jobId: 'é' } },
    });
    const info = await driver.head({ key: 'a' }, context);
    expect(info).toMatchObject(saved);
    expect(info).toMatchObject({ key: 'a', size: 5, cacheControl: 'no-store', metadata: { jobId: 'é' }, tier: 'hot' });
    expect(info.checksum).toEqual({ algorithm: 'crc32', value: '3610a686' });
    expect(info.etag).toMatch(/^"[^"]+"$/);
  });

  test('neither the writer nor a reader can change what is stored', async () => {
    const driver = memory();
    const input = Buffer.from('original');
    const metadata = { owner: 'ann' };
    await save(driver, 'a', input, { attributes: { ...plain, metadata } });
    input.fill(0);
    metadata.owner = 'eve';
    const first = await driver.get({ key: 'a' }, context);
    (first.body as Uint8Array).fill(0);
    Object.assign(first.info.metadata, { owner: 'eve' });
    first.info.lastModified.setTime(0);
    const { info } = await driver.get({ key: 'a' }, context);
    expect(await text(driver, 'a')).toBe('original');
    expect(info.metadata).toEqual({ owner: 'ann' });
    expect(info.lastModified.getTime()).toBeGreaterThan(0);
  });

  test('a metadata name that objects inherit is a name like another', async () => {
    const driver = memory();
    const metadata = JSON.parse('{"__proto__":"p","constructor":"c"}') as Record<string, string>;
    await save(driver, 'a', '', { attributes: { ...plain, metadata } });
    expect(Object.entries((await driver.head({ key: 'a' }, context)).metadata)).toEqual(Object.entries(metadata));
  });

  test('nothing is committed when the source fails or the caller aborts', async () => {
    const driver = memory();
    await save(driver, 'a', 'old');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('new');
      throw new Error('source');
    }
    await expect(save(driver, 'a', '', { body: { size: undefined, open: failing } })).rejects.toThrow('source');

    const controller = new AbortController();
    const enough = new Error('enough');
    async function* aborting(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('new');
      controller.abort(enough);
    }
    const putting = driver.put(
      { key: 'a', body: { size: 3, open: aborting }, attributes: plain, condition: {}, integrity: 'default' },
      { signal: controller.signal, attempt: 1 },
    );
    await expect(putting).rejects.toBe(enough);
    expect(await text(driver, 'a')).toBe('old');
  });

  test('the object is the old one until the whole body came', async () => {
    const driver = memory();
    await save(driver, 'a', 'old');
    async function* looking(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('ne');
      expect(await text(driver, 'a')).toBe('old');
      yield Buffer.from('w');
    }
    await save(driver, 'a', '', { body: { size: 3, open: looking } });
    expect(await text(driver, 'a')).toBe('new');
  });

  test('a body beyond the limit of one put is refused', async () => {
    const driver = memory({ singlePut: { maxSize: 2, unknownSize: false } });
    await save(driver, 'a', '12');
    await rejects(save(driver, 'a', '123'), 'InvalidArgument');
    expect(await text(driver, 'a')).toBe('12');
  });

  test('time does not go back when the clock does', async () => {
    let now = 5000;
    const driver = memory({ clock: () => now });
    await save(driver, 'a', '1');
    now = 1000;
    expect((await save(driver, 'a', '2')).lastModified).toEqual(new Date(5000));
  });
});

describe('read', () => {
  test('a missing key, and a key that is only a prefix of others, are NotFound', async () => {
    const driver = memory();
    await save(driver, 'a/b', '');
    await rejects(driver.head({ key: 'a' }, context), 'NotFound');
    await rejects(driver.get({ key: 'a' }, context), 'NotFound');
  });

  test.each([
    [{ start: 1, end: 3 }, 1, 3],
    [{ start: 2 }, 2, 5],
    [{ start: 4, end: 99 }, 4, 5],
    [{ start: 2, end: 2 }, 2, 2],
    [{ suffix: 2 }, 3, 5],
    [{ suffix: 99 }, 0, 5],
  ])('range %o', async (range, start, end) => {
    const driver = memory();
    await save(driver, 'a', 'hello');
    const response = await driver.get({ key: 'a', range }, context);
    expect(response.range).toEqual({ start, end });
    expect(Buffer.from(response.body as Uint8Array).toString()).toBe('hello'.slice(start, end));
    expect(response.info.size).toBe(5);
  });

  test('a range that starts at the end is InvalidRange, of an empty object too', async () => {
    const driver = memory();
    await save(driver, 'a', 'hello');
    await save(driver, 'empty', '');
    await rejects(driver.get({ key: 'a', range: { start: 5 } }, context), 'InvalidRange');
    await rejects(driver.get({ key: 'empty', range: { start: 0 } }, context), 'InvalidRange');
  });

  test('a large body streams one version, whatever happens to the key meanwhile', async () => {
    const driver = memory();
    const bytes = new Uint8Array(200_000).fill(7);
    await save(driver, 'a', '', { body: { size: undefined, open: () => streamOf([bytes, bytes.subarray(0, 1)]) } });
    const { body } = await driver.get({ key: 'a', range: { start: 1 } }, context);
    expect(body).not.toBeInstanceOf(Uint8Array);
    await save(driver, 'a', 'new');
    await driver.remove({ key: 'a' }, context);
    const chunks = await chunksOf(body as AsyncIterable<Uint8Array>);
    expect(chunks.length).toBe(4);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });
});

describe('conditions', () => {
  test('ifAbsent commits for one of many', async () => {
    const driver = memory();
    const results = await Promise.allSettled(
      Array.from({ length: 16 }, (_, i) => {
        const chunk = Buffer.from([i]);
        const body =
          i % 2
            ? { size: 1, open: () => streamOf([chunk]) }
            : { size: 1, pieces: [chunk], open: () => streamOf([chunk]) };
        return save(driver, 'a', '', { body, condition: { ifAbsent: true } });
      }),
    );
    const winners = results.filter((result) => result.status === 'fulfilled');
    expect(winners.map((winner) => winner.value.etag)).toEqual([(await driver.head({ key: 'a' }, context)).etag]);
    for (const result of results) {
      if (result.status === 'rejected') await rejects(Promise.reject(result.reason as Error), 'AlreadyExists');
    }
  });

  test('ifMatch and ifNoneMatch on writes', async () => {
    const driver = memory();
    await rejects(save(driver, 'a', '', { condition: { ifMatch: '"x"' } }), 'PreconditionFailed');
    const first = await save(driver, 'a', 'one', { condition: { ifNoneMatch: '"x"' } });
    await rejects(save(driver, 'a', '', { condition: { ifNoneMatch: first.etag } }), 'PreconditionFailed');
    await save(driver, 'a', 'two', { condition: { ifMatch: first.etag } });
    await save(driver, 'a', 'one');
    // A revision, not the content: A→B→A is seen.
    await rejects(save(driver, 'a', '', { condition: { ifMatch: first.etag } }), 'PreconditionFailed');
    expect(await text(driver, 'a')).toBe('one');
  });

  test('reads with conditions', async () => {
    let now = 10_000;
    const driver = memory({ clock: () => now });
    const { etag } = await save(driver, 'a', 'x');
    await rejects(driver.head({ key: 'a', ifNoneMatch: etag }, context), 'NotModified');
    await rejects(driver.get({ key: 'a', ifMatch: '"other"' }, context), 'PreconditionFailed');
    await rejects(driver.get({ key: 'a', ifModifiedSince: new Date(10_000) }, context), 'NotModified');
    await rejects(driver.get({ key: 'a', ifUnmodifiedSince: new Date(9_000) }, context), 'PreconditionFailed');
    // An etag overrides the date of the same sense.
    await driver.get({ key: 'a', ifMatch: etag, ifUnmodifiedSince: new Date(9_000) }, context);
    await driver.get({ key: 'a', ifNoneMatch: '"other"', ifModifiedSince: new Date(10_000) }, context);
    now = 11_000;
    await save(driver, 'a', 'y');
    await driver.get({ key: 'a', ifModifiedSince: new Date(10_000), ifUnmodifiedSince: new Date(11_000) }, context);
  });

  test('deletes with conditions', async () => {
    const driver = memory();
    await rejects(driver.remove({ key: 'a', mustExist: true }, context), 'NotFound');
    await rejects(driver.remove({ key: 'a', ifMatch: '"x"' }, context), 'PreconditionFailed');
    const { etag } = await save(driver, 'a', 'x');
    await rejects(driver.remove({ key: 'a', ifMatch: '"x"' }, context), 'PreconditionFailed');
    expect(await driver.remove({ key: 'a', ifMatch: etag }, context)).toMatchObject({ existed: true });
    expect(await driver.remove({ key: 'a' }, context)).toEqual({ existed: false });
  });
});

describe('copy, move, metadata, tags', () => {
  const rich = { ...plain, metadata: { m: '1' }, tags: { t: '1' }, token: 'writer' };

  test('a copy keeps everything but the token, and is independent', async () => {
    const driver = memory();
    await save(driver, 'a', 'x', { attributes: rich });
    await driver.copy({ source: { key: 'a' }, key: 'b', condition: { ifAbsent: true } }, context);
    await save(driver, 'a', 'changed');
    const copy = await driver.head({ key: 'b' }, context);
    expect(copy).toMatchObject({ metadata: { m: '1' }, contentType: 'text/plain', size: 1 });
    expect(copy.token).toBeUndefined();
    expect(await driver.tags.get({ key: 'b' }, context)).toEqual({ t: '1' });
    expect(await text(driver, 'b')).toBe('x');
  });

  test('a copy may replace attributes, and checks source and destination', async () => {
    const driver = memory();
    const { etag } = await save(driver, 'a', 'x', { attributes: rich });
    const attributes = { headers: { contentType: 'image/png' }, metadata: { n: '2' } };
    await driver.copy(
      { source: { key: 'a', ifMatch: etag }, key: 'b', attributes, token: 'mine', condition: {} },
      context,
    );
    const copied = await driver.head({ key: 'b' }, context);
    expect(copied).toMatchObject({ contentType: 'image/png', metadata: { n: '2' }, token: 'mine' });

    const source = { key: 'a' };
    await rejects(driver.copy({ source: { key: 'none' }, key: 'b', condition: {} }, context), 'NotFound');
    await rejects(driver.copy({ source, key: 'b', condition: { ifAbsent: true } }, context), 'AlreadyExists');
    await rejects(driver.copy({ source, key: 'b', condition: { ifMatch: '"x"' } }, context), 'PreconditionFailed');
    await rejects(
      driver.copy({ source: { key: 'a', ifMatch: '"x"' }, key: 'c', condition: {} }, context),
      'PreconditionFailed',
    );
    expect((await driver.head({ key: 'b' }, context)).etag).toBe(copied.etag);
  });

  test('a move is one step, and onto itself none', async () => {
    const driver = memory();
    await save(driver, 'a', 'x', { attributes: { ...rich, tier: 'cool' } });
    await driver.move({ source: { key: 'a' }, key: 'a', condition: {} }, context);
    await driver.move({ source: { key: 'a' }, key: 'b', condition: {} }, context);
    expect(await keysOf(driver)).toEqual(['b']);
    expect(await driver.head({ key: 'b' }, context)).toMatchObject({ tier: 'cool', metadata: { m: '1' } });
    await rejects(driver.move({ source: { key: 'a' }, key: 'c', condition: {} }, context), 'NotFound');
  });

  test('new metadata is a new revision with the same bytes, tags and tier', async () => {
    const driver = memory();
    const before = await save(driver, 'a', 'x', { attributes: { ...rich, tier: 'cool' } });
    const change = { key: 'a', headers: { contentType: 'a/b' }, metadata: { n: '2' } };
    await rejects(driver.setMetadata({ ...change, ifMatch: '"x"' }, context), 'PreconditionFailed');
    const info = await driver.setMetadata({ ...change, ifMatch: before.etag }, context);
    expect(info).toMatchObject({ contentType: 'a/b', metadata: { n: '2' }, tier: 'cool' });
    expect(info.etag).not.toBe(before.etag);
    expect(await driver.tags.get({ key: 'a' }, context)).toEqual({ t: '1' });
    expect(await text(driver, 'a')).toBe('x');
  });

  test('tags are replaced as a whole', async () => {
    const driver = memory();
    const { etag } = await save(driver, 'a', 'x', { attributes: rich });
    await driver.tags.set({ key: 'a', tags: { u: '2' } }, context);
    expect(await driver.tags.get({ key: 'a' }, context)).toEqual({ u: '2' });
    expect((await driver.head({ key: 'a' }, context)).etag).toBe(etag);
    await rejects(driver.tags.get({ key: 'b' }, context), 'NotFound');
  });

  test('a batch tells of each key in the order given', async () => {
    const driver = memory();
    await save(driver, 'a', '');
    const outcomes = await driver.removeMany({ keys: ['none', 'a'] }, context);
    expect(outcomes).toMatchObject([{ existed: false }, { existed: true }]);
  });
});
